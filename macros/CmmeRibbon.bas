Attribute VB_Name = "CmmeRibbon"
Option Explicit

' The buttons: each asks for the files it needs and starts one command.

Private Const BOOKS As String = "Excel (*.xlsx), *.xlsx"
Private Const PYTHON As String = "Python (python.exe), python.exe"
Private Const FOLDER_PICKER As Long = 4

Public Sub CmmeLoad(ByVal ribbon As IRibbonUI)
    ' Not every Excel lets an add-in describe its functions; they work without.
    On Error Resume Next
    DescribeFunctions
End Sub

Public Sub CmmeLabel(ByVal control As IRibbonControl, ByRef text As Variant)
    text = Word("label." & control.ID)
End Sub

Public Sub CmmeTip(ByVal control As IRibbonControl, ByRef text As Variant)
    text = Word("tip." & control.ID)
End Sub

Public Sub CmmeAction(ByVal control As IRibbonControl)
    Dim title As String
    title = Word("label." & control.ID)
    Select Case control.ID
        Case "planNew"
            Begin title, "plan", "new", SavePath("plan.xlsx")
        Case "planCheck"
            Begin title, "plan", "check", OpenPath("pickPlan")
        Case "generate"
            Begin title, "generate", OpenPath("pickPlan")
        Case "check"
            Begin title, "check", OpenPath("pickReturned")
        Case "status"
            Begin title, "status", OpenPath("pickPlan"), FolderPath()
        Case "record"
            Begin title, "generate", OpenPath("pickPlan"), "--record", FolderPath()
        Case "scorecard"
            Begin title, "scorecard", OpenPath("pickPlan"), FolderPath(), "-o", SavePath("scorecard.xlsx")
        Case "consolidate"
            Begin title, "consolidate", OpenPath("pickPlan"), FolderPath(), "-o", SavePath("summary.xlsx"), Calibrations()
        Case "rebind"
            RebindFunctions
        Case "settings"
            ShowSettings
        Case "help"
            MsgBox Word("helpText"), vbInformation, title
    End Select
End Sub

' A part that was not chosen is empty, and ends it.
Private Sub Begin(ByVal title As String, ParamArray parts() As Variant)
    Dim part As Variant
    Dim arguments As String
    For Each part In parts
        If part = "" Then Exit Sub
        arguments = arguments & part & vbLf
    Next part
    StartJob title, arguments
End Sub

Private Function OpenPath(ByVal key As String) As String
    OpenPath = Chosen(Application.GetOpenFilename(BOOKS, , Word(key)))
End Function

Private Function SavePath(ByVal proposed As String) As String
    SavePath = Chosen(Application.GetSaveAsFilename(proposed, BOOKS, , Word("pickSave")))
End Function

' The scorecard whose calibrations count; an empty line, which is no argument, where there is none.
Private Function Calibrations() As String
    Dim path As String
    Calibrations = vbLf
    If MsgBox(Word("askScorecard"), vbYesNo + vbQuestion, Word("label.consolidate")) <> vbYes Then Exit Function
    path = OpenPath("pickScorecard")
    Calibrations = IIf(path = "", "", "--scorecard=" & path)
End Function

Private Function FolderPath() As String
    With Application.FileDialog(FOLDER_PICKER)
        .title = Word("pickFolder")
        If .Show = -1 Then FolderPath = .SelectedItems(1)
    End With
End Function

' False where the person changed their mind.
Private Function Chosen(ByVal path As Variant) As String
    If VarType(path) = vbString Then Chosen = path
End Function

Private Sub ShowSettings()
    Dim interpreter As String
    If MsgBox(Filled("settingsText", Setting("INTERPRETER")), vbYesNo + vbQuestion, Word("label.settings")) <> vbYes Then Exit Sub
    interpreter = Chosen(Application.GetOpenFilename(PYTHON, , Word("pickPython")))
    If interpreter = "" Then Exit Sub
    On Error Resume Next
    MkDir Left$(UserFile(), InStrRev(UserFile(), "\") - 1)
    On Error GoTo Failed
    WriteText UserFile(), "INTERPRETER=" & interpreter & vbLf
    ForgetFailure
    Exit Sub
Failed:
    MsgBox Filled("failed", Err.description), vbExclamation, Word("label.settings")
End Sub
