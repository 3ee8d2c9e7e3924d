Attribute VB_Name = "CmmeRebind"
Option Explicit

' Formulas that were saved where the add-in was missing, or lay elsewhere, are entered again, so that their names bind.

Public Sub RebindFunctions()
    Dim sheet As Worksheet
    Dim bound As Long
    Dim guarded As Long
    If ActiveWorkbook Is Nothing Then Exit Sub
    ForgetFailure
    For Each sheet In ActiveWorkbook.Worksheets
        If sheet.ProtectContents Then
            guarded = guarded + 1
        Else
            bound = bound + RebindSheet(sheet)
        End If
    Next sheet
    Application.CalculateFull
    MsgBox Filled("rebound", CStr(bound)) & IIf(guarded > 0, vbLf & Filled("guarded", CStr(guarded)), ""), vbInformation, Word("label.cmmeTab")
End Sub

Private Function RebindSheet(ByVal sheet As Worksheet) As Long
    Dim cells As Range
    Dim cell As Object
    On Error Resume Next
    Set cells = sheet.UsedRange.SpecialCells(xlCellTypeFormulas)
    On Error GoTo 0
    If cells Is Nothing Then Exit Function
    For Each cell In cells
        If InStr(1, cell.Formula, "CMME_", vbTextCompare) > 0 Then
            Enter cell
            RebindSheet = RebindSheet + 1
        End If
    Next cell
End Function

Private Sub Enter(ByVal cell As Object)
    Dim formula As String
    formula = WithoutPath(cell.Formula)
    On Error Resume Next
    If cell.HasArray Then
        If cell.Address = cell.CurrentArray.Cells(1, 1).Address Then cell.CurrentArray.FormulaArray = formula
        Exit Sub
    End If
    ' Excel 2016 and 2019 know no Formula2
    cell.Formula2 = formula
    If Err.Number <> 0 Then cell.Formula = formula
End Sub

' 'C:\Users\someone\cmme.xlam'!CMME_SCORE(A1:A9) -> CMME_SCORE(A1:A9)
Public Function WithoutPath(ByVal formula As String) As String
    Dim ending As Long
    Dim start As Long
    WithoutPath = formula
    Do
        ending = InStr(1, WithoutPath, "cmme.xlam'!", vbTextCompare)
        If ending = 0 Then Exit Do
        start = InStrRev(WithoutPath, "'", ending)
        If start = 0 Then Exit Do
        WithoutPath = Left$(WithoutPath, start - 1) & Mid$(WithoutPath, ending + Len("cmme.xlam'!"))
    Loop
    WithoutPath = Replace(WithoutPath, "cmme.xlam!", "", 1, -1, vbTextCompare)
End Function
