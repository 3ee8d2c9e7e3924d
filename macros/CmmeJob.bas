Attribute VB_Name = "CmmeJob"
Option Explicit

' One command of cmme-xl at a time, in a process of its own: Excel stays alive and looks in once a second. What to run,
' what was said and how it ended travel in files, so that no name of a file is ever read as part of a command line.

Private Const GIVE_UP_SECONDS As Long = 3600
Private jobPath As String
Private jobTitle As String
Private jobStarted As Date

Public Sub StartJob(ByVal title As String, ByVal arguments As String)
    Dim python As String
    If jobPath <> "" Then
        MsgBox Filled("busy", jobTitle), vbInformation, Word("label.cmmeTab")
        Exit Sub
    End If
    On Error GoTo Failed
    python = PythonPath("pythonw.exe")
    jobTitle = title
    jobStarted = Now
    jobPath = Environ$("TEMP") & "\cmme-" & Format$(jobStarted, "yyyymmddhhnnss") & "-" & CLng(Timer * 100)
    WriteText jobPath & ".job", Language() & vbLf & arguments
    Shell """" & python & """ -P -m cmme_xl.hosts.job """ & jobPath & ".job""", vbHide
    LookInLater
    Exit Sub
Failed:
    jobPath = ""
    MsgBox Filled("failed", Err.description), vbExclamation, title
End Sub

Public Sub CmmePoll()
    Dim seconds As Long
    If jobPath = "" Then Exit Sub
    seconds = DateDiff("s", jobStarted, Now)
    If FileExists(jobPath & ".done") Then
        Finish
    ElseIf seconds > GIVE_UP_SECONDS Then
        EndJob
        MsgBox Filled("failed", Word("noAnswer")), vbExclamation, jobTitle
    Else
        Application.StatusBar = jobTitle & " ... " & seconds & " s  " & LastLine()
        LookInLater
    End If
End Sub

Private Sub Finish()
    Dim status As String
    Dim said As String
    status = Trim$(ReadText(jobPath & ".done"))
    said = ReadText(jobPath & ".out")
    EndJob
    Select Case status
        Case "0"
            MsgBox Filled("done", Ending(said)), vbInformation, jobTitle
        Case "1"
            MsgBox Filled("needsSomeone", Ending(said)), vbExclamation, jobTitle
        Case Else
            MsgBox Filled("refused", Ending(said)), vbExclamation, jobTitle
    End Select
End Sub

Private Sub EndJob()
    Application.StatusBar = False
    On Error Resume Next
    Kill jobPath & ".job"
    Kill jobPath & ".out"
    Kill jobPath & ".done"
    jobPath = ""
End Sub

Private Sub LookInLater()
    Application.OnTime DateAdd("s", 1, Now), "'" & ThisWorkbook.Name & "'!CmmePoll"
End Sub

Private Function LastLine() As String
    Dim lines() As String
    On Error Resume Next
    lines = Split(Trim$(Replace(ReadText(jobPath & ".out"), vbCr, "")), vbLf)
    LastLine = Left$(lines(UBound(lines) - 1), 120)
End Function

' A message box shows about a thousand characters: the end is what matters, since the closing lines sum up.
Public Function Ending(ByVal said As String) As String
    Dim start As Long
    Ending = said
    If Len(said) <= 900 Then Exit Function
    start = InStr(Len(said) - 900, said, vbLf)
    If start = 0 Or start > Len(said) - 100 Then start = Len(said) - 900
    Ending = "..." & Mid$(said, start)
End Function
