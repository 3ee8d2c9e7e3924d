' What people do to a questionnaire in LibreOffice, done by LibreOffice itself: every edit of the list to a copy of
' source.xlsx in the folder CMME_EDITS, saved there as <edit>.xlsx.
Option Explicit

Const QUESTIONS = "问卷"

Sub Main
	Dim edits, number
	On Error Goto Failed
	edits = Split(Environ("CMME_EDIT_NAMES"), ",")
	For number = LBound(edits) To UBound(edits)
		Edit(edits(number))
	Next
	StarDesktop.terminate()
	Exit Sub
Failed:
	' a message that nobody sees would wait to be closed for ever
	Dim told
	told = FreeFile
	Open Environ("CMME_EDITS") & "/failed.txt" For Output As #told
	Print #told, edits(number) & ": " & Error & " (" & Erl & ")"
	Close #told
	StarDesktop.terminate()
End Sub

Sub Edit(name)
	Dim folder, doc
	folder = ConvertToURL(Environ("CMME_EDITS")) & "/"
	doc = StarDesktop.loadComponentFromURL(folder & "source.xlsx", "_blank", 0, Array(Told("Hidden", True)))
	Unprotect(doc)
	Change(doc, doc.Sheets.getByName(QUESTIONS), name)
	doc.storeToURL(folder & name & ".xlsx", Array(Told("FilterName", "Calc MS Excel 2007 XML")))
	doc.close(True)
End Sub

Sub Change(doc, page, name)
	Dim first, last, sheets
	sheets = doc.Sheets
	first = RowOf(page, Environ("CMME_FIRST"))
	last = RowOf(page, Environ("CMME_LAST"))
	Select Case name
	Case "protection-removed"
	Case "rows-inserted"
		page.Rows.insertByIndex(first, 2)
		page.Rows.insertByIndex(0, 5)
	Case "columns-inserted"
		page.Columns.insertByIndex(2, 1)
		page.Columns.insertByIndex(0, 2)
	Case "columns-moved"
		' the score goes in front of everything
		page.Columns.insertByIndex(0, 1)
		page.moveRange(page.getCellByPosition(0, 0).CellAddress, page.getCellRangeByPosition(3, 0, 3, last).RangeAddress)
		page.Columns.removeByIndex(3, 1)
	Case "rows-sorted"
		Sort(page.getCellRangeByPosition(0, first, 9, last))
	Case "rows-hidden"
		page.Rows.getByIndex(first).IsVisible = False
	Case "sheets-renamed"
		Rename(sheets)
	Case "sheets-reordered"
		sheets.moveByName(QUESTIONS, 0)
		sheets.moveByName("_cmme", 1)
	Case "sheets-deleted"
		sheets.removeByName("封面")
		sheets.removeByName("填写说明")
		sheets.removeByName("进度")
	Case "identity-deleted"
		sheets.removeByName("_cmme")
	Case "sheets-shown"
		Show(sheets)
	Case "sheet-copied"
		sheets.copyByName(QUESTIONS, "副本", 0)
	Case "copy-changed"
		sheets.copyByName(QUESTIONS, "副本", 0)
		sheets.getByName("副本").getCellByPosition(2, first).Value = 1
	Case "answers-merged"
		page.getCellRangeByPosition(2, first, 2, RowOf(page, Environ("CMME_SECOND"))).merge(True)
	Case "answer-dragged"
		page.moveRange(page.getCellByPosition(9, first).CellAddress, page.getCellRangeByPosition(2, first, 2, first).RangeAddress)
	Case "row-deleted"
		page.Rows.removeByIndex(first, 1)
	Case "evidence-deleted"
		page.Columns.removeByIndex(4, 1)
	Case "formula-typed"
		page.getCellByPosition(2, first).Formula = "=2+2"
	Case "date-typed"
		page.getCellByPosition(2, first).FormulaLocal = "2026-05-04"
	Case "question-changed"
		page.getCellByPosition(1, first).String = "完全不同的问题？"
	Case Else
		Err.Raise(5)
	End Select
End Sub

Function RowOf(page, id)
	Dim row
	For row = 0 To 2000
		If page.getCellByPosition(0, row).String = id Then Exit For
	Next
	RowOf = row
End Function

Sub Unprotect(doc)
	Dim number
	doc.unprotect("")
	For number = 0 To doc.Sheets.Count - 1
		doc.Sheets.getByIndex(number).unprotect("")
	Next
End Sub

Sub Rename(sheets)
	Dim number
	For number = 0 To sheets.Count - 1
		sheets.getByIndex(number).Name = "表" & number
	Next
End Sub

Sub Show(sheets)
	Dim number
	For number = 0 To sheets.Count - 1
		sheets.getByIndex(number).IsVisible = True
	Next
End Sub

Sub Sort(area)
	Dim field As New com.sun.star.table.TableSortField
	field.Field = 0
	field.IsAscending = False
	area.sort(Array(Told("SortFields", Array(field)), Told("ContainsHeader", False)))
End Sub

Function Told(name, value)
	Dim property As New com.sun.star.beans.PropertyValue
	property.Name = name
	property.Value = value
	Told = property
End Function
