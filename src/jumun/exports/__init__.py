"""엑셀 내려받기: any view as a sheet. Columns to choose from, layouts to keep, who took what and why."""
