Attribute VB_Name = "CmmeConfig"
Option Explicit

' Settings and words. Both come from the add-in itself; a setting that is empty there comes from the file that the
' user's own account holds. No other workbook and no folder of one is ever asked: a returned workbook that happens to
' be open must not be able to name a program to run.

Private Const SHEET_NAME As String = "cmme.conf"
Private Const SETTINGS_COLUMN As Long = 1
Private Const WORDS_COLUMN As Long = 4
Private Const UI_LANGUAGE As Long = 2
Private Const PRIMARY_LANGUAGE As Long = &H3FF
Private Const CHINESE As Long = 4

Public Function Setting(ByVal key As String) As String
    Setting = Beside(SETTINGS_COLUMN, key, 1)
    If Setting = "" Then Setting = FromUserFile(key)
End Function

Public Function Word(ByVal key As String) As String
    Word = Beside(WORDS_COLUMN, key, IIf(Language() = "zh", 1, 2))
    If Word = "" Then Word = key
End Function

Public Function Filled(ByVal key As String, ByVal value As String) As String
    Filled = Replace(Word(key), "%1", value)
End Function

Public Function Language() As String
    Dim screen As Object
    Language = Setting("LANGUAGE")
    If Language <> "zh" And Language <> "en" Then
        Set screen = Application.LanguageSettings
        Language = IIf((screen.LanguageID(UI_LANGUAGE) And PRIMARY_LANGUAGE) = CHINESE, "zh", "en")
    End If
End Function

' The Python that cmme-xl is installed in, as "addin install" wrote it down. A bare name is refused: Windows would look
' for it in the folder of whatever was opened last.
Public Function PythonPath(ByVal program As String) As String
    Dim interpreter As String
    interpreter = Setting("INTERPRETER")
    If Not IsFullPath(interpreter) Then Err.Raise vbObjectError + 1, "cmme", Word("noPython")
    PythonPath = Left$(interpreter, InStrRev(interpreter, "\")) & program
    If Not FileExists(PythonPath) Then Err.Raise vbObjectError + 1, "cmme", Word("noPython")
End Function

Public Function IsFullPath(ByVal path As String) As Boolean
    IsFullPath = (path Like "[A-Za-z]:\*" Or path Like "\\*\*") And InStr(path, """") = 0
End Function

Public Function UserFile() As String
    UserFile = Environ$("APPDATA") & "\cmme\cmme.conf"
End Function

Public Function FileExists(ByVal path As String) As Boolean
    On Error Resume Next
    FileExists = (GetAttr(path) And vbDirectory) = 0
End Function

Public Function ReadText(ByVal path As String) As String
    Dim stream As Object
    Set stream = CreateObject("ADODB.Stream")
    stream.Type = 2
    stream.Charset = "utf-8"
    stream.Open
    stream.LoadFromFile path
    ReadText = stream.ReadText
    stream.Close
End Function

Public Sub WriteText(ByVal path As String, ByVal text As String)
    Dim stream As Object
    Set stream = CreateObject("ADODB.Stream")
    stream.Type = 2
    stream.Charset = "utf-8"
    stream.Open
    stream.WriteText text
    stream.SaveToFile path, 2
    stream.Close
End Sub

Public Function ValueIn(ByVal text As String, ByVal key As String) As String
    Dim line As Variant
    For Each line In Split(Replace(text, vbCr, ""), vbLf)
        If UCase$(Left$(line, Len(key) + 1)) = UCase$(key) & "=" Then ValueIn = Trim$(Mid$(line, Len(key) + 2))
    Next line
End Function

Private Function FromUserFile(ByVal key As String) As String
    If FileExists(UserFile()) Then FromUserFile = ValueIn(ReadText(UserFile()), key)
End Function

Private Function Beside(ByVal column As Long, ByVal key As String, ByVal offset As Long) As String
    Dim own As Worksheet
    Dim row As Long
    Set own = ThisWorkbook.Worksheets(SHEET_NAME)
    row = 1
    Do While CStr(own.Cells(row, column).Value) <> ""
        If CStr(own.Cells(row, column).Value) = key Then
            Beside = CStr(own.Cells(row, column + offset).Value)
            Exit Function
        End If
        row = row + 1
    Loop
End Function
