// Draws a report's text with its figures. Everything that comes from a page becomes a text node: no HTML is ever parsed.
const element = (name, className, text) => {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined && text !== null) made.textContent = text;
  return made;
};

const piecesInto = (parent, pieces) => {
  for (const piece of pieces) {
    if (piece.f.length === 0) {
      parent.append(document.createTextNode(piece.t));
      continue;
    }
    const mark = element("mark", null, piece.t);
    mark.dataset.figures = piece.f.join(" ");
    mark.tabIndex = 0;
    parent.append(mark);
  }
};

const textOf = (blocks, words) => {
  const text = element("div", "text");
  text.setAttribute("data-testid", "report-text");
  for (const block of blocks) {
    if (block.kind === "text") {
      const part = element("div", "running");
      piecesInto(part, block.pieces);
      text.append(part);
      continue;
    }
    if (block.again) text.append(element("p", "again", words.table_again));
    const frame = element("div", "frame");
    const table = element("table");
    for (const row of block.rows) {
      const line = element("tr");
      for (const cell of row) {
        const made = element("td");
        if (cell.r > 1) made.rowSpan = cell.r;
        if (cell.c > 1) made.colSpan = cell.c;
        piecesInto(made, cell.pieces);
        line.append(made);
      }
      table.append(line);
    }
    frame.append(table);
    text.append(frame);
  }
  return text;
};

const listOf = (figures, words) => {
  const side = element("div", "side");
  const filter = element("input");
  filter.type = "search";
  filter.placeholder = words.filter;
  filter.setAttribute("aria-label", words.filter);
  const list = element("ol", "figures");
  list.setAttribute("data-testid", "figures");
  for (const figure of figures) {
    const item = element("li");
    const button = element("button");
    button.type = "button";
    button.dataset.figure = String(figure.n);
    button.append(element("span", "label", figure.label));
    button.append(element("b", null, figure.value));
    button.append(element("span", "where", figure.where));
    item.append(button);
    list.append(item);
  }
  filter.oninput = () => {
    const asked = filter.value.trim().toLowerCase();
    for (const item of list.children) item.hidden = asked !== "" && !item.textContent.toLowerCase().includes(asked);
  };
  side.append(filter, list);
  return side;
};

const inView = (box, target) => {
  const outer = box.getBoundingClientRect();
  const inner = target.getBoundingClientRect();
  box.scrollTop += inner.top - outer.top - outer.height / 3;
};

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".reading");
  const show = (number) => {
    root.dataset.shown = number ?? "";
    const chosen = String(number ?? "");
    let first = null;
    for (const mark of root.querySelectorAll("mark")) {
      const on = chosen !== "" && mark.dataset.figures.split(" ").includes(chosen);
      mark.classList.toggle("on", on);
      if (on && first === null) first = mark;
    }
    let line = null;
    for (const button of root.querySelectorAll("button[data-figure]")) {
      const on = button.dataset.figure === chosen;
      button.setAttribute("aria-pressed", String(on));
      if (on) line = button;
    }
    if (first) inView(root.querySelector(".text"), first);
    if (line) inView(root.querySelector(".figures"), line);
  };
  const asked = String(data.chosen ?? "");
  if (root.dataset.key !== data.key) {
    root.replaceChildren(textOf(data.blocks, data.words), listOf(data.figures, data.words));
    root.dataset.key = data.key;
    root.dataset.asked = asked;
    show(data.chosen);
  } else if (asked !== root.dataset.asked) {
    // what the address says; an answer that comes after another click does not undo that click
    root.dataset.asked = asked;
    if (asked !== root.dataset.shown) show(data.chosen);
  }
  const choose = (number) => {
    show(number);
    setTriggerValue("figure", number);
  };
  root.onclick = (event) => {
    const button = event.target.closest("button[data-figure]");
    if (button) return choose(button.dataset.figure);
    const mark = event.target.closest("mark");
    if (!mark) return undefined;
    const here = mark.dataset.figures.split(" ");
    const next = here[(here.indexOf(root.dataset.shown) + 1) % here.length];
    return choose(next);
  };
  root.onkeydown = (event) => {
    if (event.key === "Enter" && event.target.tagName === "MARK") event.target.click();
  };
}
