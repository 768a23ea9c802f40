/* Progress of computations, sliders, and pictures that answer to pointing. */
"use strict";
{
/* Progress: events, then the finished page in place of the waiting one. */
function follow(box) {
  const bar = box.querySelector("progress"), words = box.querySelector("[data-words]");
  const source = new EventSource(box.dataset.events);
  source.addEventListener("part", (event) => {
    const part = JSON.parse(event.data);
    bar.max = part.of;
    if (part.place) bar.value = part.place - 0.5;
    words.textContent = part.words;
    tell(part.words);
  });
  source.addEventListener("end", () => {
    source.close();
    htmx.ajax("GET", box.dataset.again, { target: "#computed", select: "#computed", swap: "outerHTML" });
  });
  box.addEventListener("htmx:beforeCleanupElement", () => source.close());
}

function tell(words) {
  const place = document.getElementById("told");
  if (place && place.textContent !== words) place.textContent = words;
}

/* A slider beside a number, which stays the one that counts. */
function slide(number) {
  const range = document.createElement("input");
  range.type = "range";
  range.min = 0;
  range.max = number.dataset.slider;
  range.step = number.dataset.step;
  range.value = number.value;
  range.setAttribute("aria-labelledby", number.labels[0].id || (number.labels[0].id = number.id + "-label"));
  range.addEventListener("input", () => { number.value = range.value; });
  number.addEventListener("input", () => { range.value = number.value; });
  number.before(range);
}

/* The same picture, drawn here: with what stands behind a point, when one points at it. */
function offerPicture(written, name) {
  const figure = written.querySelector(`section[aria-labelledby="h-${CSS.escape(name)}"] figure`);
  if (!figure) return;
  const button = document.createElement("button");
  const still = [...figure.children].filter((part) => part.tagName === "DIV");
  const place = document.createElement("div");
  place.className = "interactive";
  place.hidden = true;
  button.type = "button";
  button.className = "quiet";
  button.textContent = written.dataset.label;
  button.setAttribute("aria-pressed", "false");
  button.addEventListener("click", async () => {
    const show = place.hidden;
    if (show && !place.firstChild) await draw(place, `${written.dataset.pictures}/${name}`, figure);
    place.hidden = !show;
    for (const part of still) part.hidden = show;
    button.setAttribute("aria-pressed", String(show));
    button.textContent = show ? written.dataset.back : written.dataset.label;
  });
  figure.querySelector("figcaption").before(place, button);
}

async function draw(place, address, figure) {
  const decimal = document.documentElement.lang === "nl" ? "," : ".";
  const locale = { decimal, thousands: "", grouping: [3], currency: ["", ""] };
  const spec = await (await fetch(address)).json();
  if (!window.vegaEmbed) await load(figure.closest(".written").dataset.vega);
  place.setAttribute("role", "img");
  place.setAttribute("aria-label", figure.querySelector("svg").getAttribute("aria-label"));
  await window.vegaEmbed(place, spec, {
    mode: "vega-lite", renderer: "canvas", actions: false, ast: true, defaultStyle: false,
    tooltip: { disableDefaultStyle: true }, formatLocale: locale,
  });
}

function load(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.type = "module"; // its names stay its own
    script.src = address;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
}

function begin(root) {
  const each = (selector, act) => {
    for (const found of root.querySelectorAll(selector)) act(found);
  };
  each(".job[data-events]", follow);
  each("input[data-slider]", slide);
  each("input[name=width]", (field) => { field.value = matchMedia("(max-width: 40rem)").matches ? "narrow" : "wide"; });
  each(".written[data-pictures]", (written) => {
    for (const name of written.dataset.names.split(" ").filter(Boolean)) offerPicture(written, name);
  });
}

begin(document);
document.addEventListener("htmx:afterSettle", (event) => {
  const said = event.detail.target.querySelector(".said");
  if (said) tell(said.textContent);
  if (event.detail.target.id === "computed" || event.detail.elt.id === "computed") {
    begin(document.getElementById("computed"));
  }
});
}
