// A list on paper: the grid draws only the rows in view, so a plain table of every loaded row is made when printing
// begins and taken away when it ends.
"use strict";

(() => {
  const holder = document.getElementById("rows");
  if (!holder || !window.Tabulator) return;
  let made = null;

  function make() {
    const [table] = window.Tabulator.findTable("#rows") || [];
    if (!table || made) return;
    const columns = table.getColumns().filter((each) => each.isVisible() && each.getDefinition().title);
    made = document.createElement("table");
    made.className = "on-paper";
    made.append(line("thead", "th", [columns.map((each) => each.getDefinition().title)]));
    made.append(line("tbody", "td", table.getRows().map((row) => columns.map((each) => text(row, each)))));
    holder.after(made);
  }
  // What a cell shows; a row that was never drawn is drawn for it
  function text(row, column) {
    const cell = row.getCell(column);
    const field = cell?.getElement().querySelector("input, select");
    if (field?.type === "checkbox") return "";
    if (field) return field.selectedOptions ? (field.selectedOptions[0]?.textContent ?? "") : field.value;
    return cell?.getElement().textContent.trim() ?? "";
  }
  function line(part, name, rows) {
    const group = document.createElement(part);
    for (const cells of rows) {
      const row = group.appendChild(document.createElement("tr"));
      for (const each of cells) row.appendChild(document.createElement(name)).textContent = each;
    }
    return group;
  }
  window.addEventListener("beforeprint", make);
  window.addEventListener("afterprint", () => {
    made?.remove();
    made = null;
  });
})();
