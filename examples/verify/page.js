// Reads the file that was dropped or chosen, has it verified, and shows what was found. All text is set as text: a receipt
// file may hold anything.

import { verifyReceipt } from "../../dist/verify/index.js";

const find = (id) => document.getElementById(id);
const VERDICTS = { valid: "Valid", invalid: "Invalid", unknown: "Cannot tell" };
const MARKS = new Map([
  [true, "✓"],
  [false, "✗"],
  [null, "–"],
]);

/** Without a contract the file alone is checked. */
function options() {
  const { contract, rpc } = Object.fromEntries(new FormData(find("choice")));
  return contract === "" ? undefined : { contract, ...(rpc === "" ? {} : { rpc }) };
}

async function check(file) {
  try {
    show(await verifyReceipt(new Uint8Array(await file.arrayBuffer()), options()));
  } catch (error) {
    show({ verdict: "unknown", reason: error.message, steps: [], notProven: [] });
  }
}

function show({ verdict, reason, steps, notProven, order, status, position }) {
  find("verdict").textContent = reason === null ? VERDICTS[verdict] : `${VERDICTS[verdict]} (${reason})`;
  const place = position == null ? "" : `; position [${position.start}, ${position.end}) in ${position.unit}`;
  find("facts").textContent =
    `Order number: ${order ?? "none"}; the money is ${status ?? "not followed"}${place}`;
  list(
    find("steps"),
    steps.map(({ step, ok, says }) => `${MARKS.get(ok)} ${step}: ${says}`),
  );
  list(find("open"), notProven);
  find("not-proven").hidden = verdict !== "valid";
  find("result").dataset.verdict = verdict;
  find("result").hidden = false;
}

const list = (element, texts) =>
  element.replaceChildren(
    ...texts.map((text) => Object.assign(document.createElement("li"), { textContent: text })),
  );

const drop = find("drop");
find("file").addEventListener("change", ({ target }) => target.files[0] && check(target.files[0]));
drop.addEventListener("dragover", (event) => {
  event.preventDefault();
  drop.classList.add("over");
});
drop.addEventListener("dragleave", () => drop.classList.remove("over"));
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  drop.classList.remove("over");
  const [file] = event.dataTransfer.files;
  if (file !== undefined) check(file);
});
