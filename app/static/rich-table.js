// Tables in an editor: insert one, add and take away rows and columns, go from cell to cell.

export const cellOf = (node, root) => {
  const cell = (node?.nodeType === Node.ELEMENT_NODE ? node : node?.parentElement)?.closest("td, th");
  return cell && root.contains(cell) ? cell : null;
};

const rowOf = (name) => `<tr>${`<${name}><br></${name}>`.repeat(2)}</tr>`;

export const BLANK_TABLE = `<table><tbody>${rowOf("th")}${rowOf("td")}</tbody></table><br>`;

function blank(name) {
  const cell = document.createElement(name);
  cell.append(document.createElement("br"));
  return cell;
}

const rowsOf = (cell) => [...cell.closest("table").rows];

const CHANGES = {
  addRow(cell) {
    const row = cell.parentElement;
    const added = document.createElement("tr");
    added.append(...[...row.cells].map(() => blank("td")));
    const inHead = row.closest("thead");
    if (inHead) (cell.closest("table").tBodies[0] ?? inHead).prepend(added);
    else row.after(added);
    return added.cells[Math.min(cell.cellIndex, added.cells.length - 1)];
  },
  addColumn(cell) {
    const place = cell.cellIndex;
    for (const row of rowsOf(cell)) {
      const beside = row.cells[Math.min(place, row.cells.length - 1)];
      if (beside) beside.after(blank(beside.localName));
    }
    return cell.nextElementSibling;
  },
  removeRow(cell) {
    const row = cell.parentElement;
    const rows = rowsOf(cell);
    const near = rows[rows.indexOf(row) + 1] ?? rows[rows.indexOf(row) - 1];
    if (!near) return removeTable(cell);
    row.remove();
    return near.cells[Math.min(cell.cellIndex, near.cells.length - 1)] ?? near.cells[0];
  },
  removeColumn(cell) {
    const place = cell.cellIndex;
    if (rowsOf(cell).every((row) => row.cells.length < 2)) return removeTable(cell);
    const near = cell.nextElementSibling ?? cell.previousElementSibling;
    for (const row of rowsOf(cell)) if (row.cells.length > 1) row.cells[place]?.remove();
    return near;
  },
};

function removeTable(cell) {
  cell.closest("table").remove();
  return null;
}

/** Do *change* ("addRow", "removeColumn", ...) at *cell*; return the cell to be in afterwards, null if none is left. */
export const changed = (change, cell) => CHANGES[change](cell);

/** The cell behind or before *cell*, null beyond the table: there the tabulator leaves the editor as everywhere. */
export function neighbour(cell, step) {
  const cells = [...cell.closest("table").querySelectorAll("td, th")];
  return cells[cells.indexOf(cell) + step] ?? null;
}
