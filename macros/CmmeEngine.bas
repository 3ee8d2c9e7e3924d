Attribute VB_Name = "CmmeEngine"
Option Explicit

' The way into Python: the library of xlwings %XLWINGS% (BSD 3-clause, (c) Zoomer Analytics LLC) starts its COM server
' in a process of its own, which ends with Excel. -P keeps Python from importing out of the folder it is started in.

#If Win64 Then
    Private Declare PtrSafe Function ActivateAuto Lib "xlwings64-%XLWINGS%.dll" Alias "XLPyDLLActivateAuto" (ByRef result As Variant, Optional ByVal config As String = "", Optional ByVal mode As Long = 1) As Long
    Private Const LIBRARY_NAME As String = "xlwings64-%XLWINGS%.dll"
#Else
    Private Declare PtrSafe Function ActivateAuto Lib "xlwings32-%XLWINGS%.dll" Alias "XLPyDLLActivateAuto" (ByRef result As Variant, Optional ByVal config As String = "", Optional ByVal mode As Long = 1) As Long
    Private Const LIBRARY_NAME As String = "xlwings32-%XLWINGS%.dll"
#End If
Private Declare PtrSafe Function LoadLibraryW Lib "kernel32" (ByVal path As LongPtr) As LongPtr

Private Const FUNCTIONS_MODULE As String = "cmme_xl.hosts.excel"
Private Const PAUSE_SECONDS As Long = 30
Private retryFrom As Date
Private startCommand As String

Public Function Answer(ByVal name As String, ByVal arguments As Variant) As Variant
    Answer = Server().CallUDF(FUNCTIONS_MODULE, name, arguments, ThisWorkbook, Application.Caller)
End Function

' Errors as errors: text in a cell would be a value that IFERROR cannot see.
Public Function CellError(ByVal description As String) As Variant
    If InStr(description, "#NUM!") > 0 Then
        CellError = CVErr(xlErrNum)
    Else
        CellError = CVErr(xlErrValue)
    End If
End Function

Public Sub ForgetFailure()
    retryFrom = 0
    startCommand = ""
End Sub

' Where Python does not start, the cells of a sheet must not wait for it one after the other.
Private Function Server() As Object
    Dim result As Variant
    Dim failure As String
    If Now < retryFrom Then Err.Raise vbObjectError + 2, "cmme", Word("noServer")
    On Error GoTo Failed
    If startCommand = "" Then Prepare
    If ActivateAuto(result, startCommand, 1) <> 0 Then Err.Raise vbObjectError + 2, "cmme", CStr(result)
    Set Server = result
    Exit Function
Failed:
    failure = Err.description
    startCommand = ""
    retryFrom = DateAdd("s", PAUSE_SECONDS, Now)
    Err.Raise vbObjectError + 2, "cmme", failure
End Function

' The library lies beside Python, or above it in a virtual environment; it is loaded by its full path before Declare
' would search for it.
Private Sub Prepare()
    Dim python As String
    Dim folder As String
    python = PythonPath("pythonw.exe")
    folder = Left$(python, InStrRev(python, "\") - 1)
    If Not Loaded(folder) Then
        If Not Loaded(Left$(folder, InStrRev(folder, "\") - 1)) Then
            Err.Raise vbObjectError + 2, "cmme", Filled("noLibrary", LIBRARY_NAME)
        End If
    End If
    startCommand = """" & python & """ -P -B -c ""import xlwings; xlwings.serve('$(CLSID)')"""
End Sub

Private Function Loaded(ByVal folder As String) As Boolean
    Dim path As String
    path = folder & "\" & LIBRARY_NAME
    If FileExists(path) Then Loaded = LoadLibraryW(StrPtr(path)) <> 0
End Function
