// Somebody without a mouse.
import assert from "node:assert/strict";

/** In the page: what shadow everything has that could be focused, so that one which comes with the focus is told from one that is always there. */
function unfocused() {
  const all = document.querySelectorAll("a, button, input, select, textarea, summary, [tabindex]");
  window.shadows = new Map([...all].map((element) => [element, getComputedStyle(element).boxShadow]));
}

/** In the page: what has the focus, unless that can be seen. */
function unseen() {
  const focused = document.activeElement;
  const outlined = (element) => {
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(element);
    return outlineStyle !== "none" && outlineWidth !== "0px" && outlineColor !== "rgba(0, 0, 0, 0)";
  };
  const lit = getComputedStyle(focused).boxShadow !== (window.shadows.get(focused) ?? "none");
  // A field without a border of its own shows its focus on the box around it.
  const box = focused.closest("label");
  return lit || outlined(focused) || (box && outlined(box)) || focused === document.body ? "" : focused.outerHTML.slice(0, 200);
}

/** Presses Tab, or Shift+Tab, until `target` has the focus, and fails where the focus cannot be seen on the way. */
export async function tabTo(page, target, key = "Tab") {
  for (let step = 0; step < 120; step += 1) {
    await page.evaluate(unfocused);
    await page.keyboard.press(key);
    assert.equal(await page.evaluate(unseen), "", "focus that cannot be seen");
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  assert.fail(`Tab never comes to ${target}`);
}
