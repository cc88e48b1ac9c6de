// Somebody without a mouse.
import assert from "node:assert/strict";

/** Presses Tab, or Shift+Tab, until `target` has the focus, and fails where the focus cannot be seen on the way. */
export async function tabTo(page, target, key = "Tab") {
  for (let step = 0; step < 120; step += 1) {
    await page.keyboard.press(key);
    const seen = await page.evaluate(() => {
      // A field without a border of its own shows its focus on the box around it.
      const rings = [document.activeElement, document.activeElement.closest("label")].filter(Boolean).map((element) => {
        const { outlineStyle, outlineWidth, boxShadow, outlineColor } = getComputedStyle(element);
        return boxShadow !== "none" || (outlineStyle !== "none" && outlineWidth !== "0px" && outlineColor !== "rgba(0, 0, 0, 0)");
      });
      return rings.some(Boolean) || document.activeElement === document.body ? "" : document.activeElement.outerHTML.slice(0, 200);
    });
    assert.equal(seen, "", "focus that cannot be seen");
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  assert.fail(`Tab never comes to ${target}`);
}
