// Keys, copying, and what is said of both. The pages work without any of it.
"use strict";

const said = document.getElementById("said");
const say = (text) => { if (said) said.textContent = text; };

const box = document.querySelector("input[type=search][name=q]");
const hits = [...document.querySelectorAll("a.hit")];
const marks = [...document.querySelectorAll(".text mark[id]")];
let at = -1;

/** Whether the key belongs to a field. */
const typing = (target) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(input|select|textarea)$/i.test(target.tagName));

/** Moves through the results, or through the hits in a judgment. */
const move = (step) => {
  const stops = hits.length > 0 ? hits : marks;
  if (stops.length === 0) return;
  const focused = hits.indexOf(document.activeElement);
  if (focused >= 0) at = focused;
  const next = at < 0 && step < 0 ? stops.length - 1 : at + step;
  if (next < 0 || next >= stops.length) {
    say(next < 0 ? "The first one" : "The last one");
    return;
  }
  stops[at]?.classList.remove("here");
  at = next;
  const stop = stops[at];
  if (hits.length > 0) {
    stop.focus();
    stop.closest("li")?.scrollIntoView({ block: "nearest" });
  } else {
    stop.classList.add("here");
    stop.scrollIntoView({ block: "center" });
    say(`Hit ${at + 1} of ${stops.length}`);
  }
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && event.target === box) {
    if (box.value === "") box.blur();
    else box.value = "";
    event.preventDefault();
    return;
  }
  if (typing(event.target)) return;
  if (event.key === "/" && box) {
    box.focus();
    box.select();
    event.preventDefault();
  } else if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
});

for (const button of document.querySelectorAll("button[data-copy]")) {
  const source = document.getElementById(button.dataset.copy);
  if (!source || !navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(source.textContent);
      say("Copied");
    } catch {
      getSelection()?.selectAllChildren(source);
      say("Selected: copy it with your keyboard");
    }
  });
}
