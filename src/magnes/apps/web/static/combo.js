/* Suggestions while typing, on every field with data-search: an ARIA 1.2 combobox with list autocomplete.
   In a textarea each line is a field of its own. data-search-with names the field of the form that goes along. */
"use strict";
{
  const PAUSE_MS = 80;
  const told = document.getElementById("told");
  let made = 0;

  const tell = (count) => {
    if (!told) return;
    const text = count === 0 ? told.dataset.none : count === 1 ? told.dataset.one : told.dataset.many;
    told.textContent = (text || "").replace("#", count);
  };

  const make = (field) => {
    if (field.dataset.combo) return;
    field.dataset.combo = "on";
    const lines = field.tagName === "TEXTAREA";
    const typing = document.activeElement === field; // who was quicker than this script keeps the focus
    const box = document.createElement("div");
    const list = document.createElement("ul");
    box.className = "combo";
    field.before(box);
    box.append(field, list);
    list.id = `combo-${(made += 1)}`;
    list.className = "combo-list";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", field.labels && field.labels[0] ? field.labels[0].textContent : field.name);
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", list.id);
    if (lines) field.setAttribute("aria-haspopup", "listbox");
    else {
      field.setAttribute("role", "combobox");
      field.setAttribute("aria-expanded", "false");
    }

    let timer = 0;
    let request = null;
    let active = -1;

    const span = () => {
      if (!lines) return [0, field.value.length];
      const start = field.value.lastIndexOf("\n", field.selectionStart - 1) + 1;
      const end = field.value.indexOf("\n", field.selectionStart);
      return [start, end < 0 ? field.value.length : end];
    };
    const asked = () => field.value.slice(...span()).trim();

    const mark = (place) => {
      const options = list.children;
      if (options[active]) options[active].setAttribute("aria-selected", "false");
      active = options.length ? (place + options.length) % options.length : -1;
      if (active < 0) {
        field.removeAttribute("aria-activedescendant");
        return;
      }
      options[active].setAttribute("aria-selected", "true");
      options[active].scrollIntoView({ block: "nearest" });
      field.setAttribute("aria-activedescendant", options[active].id);
    };

    const show = (open) => {
      list.hidden = !open;
      if (!lines) field.setAttribute("aria-expanded", String(open));
      if (!open) {
        active = -1;
        field.removeAttribute("aria-activedescendant");
      }
    };

    const stop = () => {
      const late = request;
      clearTimeout(timer);
      request = null;
      if (late) late.abort();
    };

    const close = () => {
      stop();
      show(false);
    };

    const choose = (option) => {
      const [start, end] = span();
      field.setRangeText(option.dataset.value, start, end, "end");
      close();
      if (told) told.textContent = option.textContent;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    };

    const fill = (hits) => {
      list.replaceChildren(
        ...hits.map((hit, place) => {
          const option = document.createElement("li");
          const label = document.createElement("span");
          const note = document.createElement("span");
          option.id = `${list.id}-${place}`;
          option.setAttribute("role", "option");
          option.setAttribute("aria-selected", "false");
          option.dataset.value = hit.value;
          label.textContent = hit.label;
          note.className = "note";
          note.textContent = hit.note;
          option.append(label, " ", note);
          return option;
        }),
      );
      active = -1;
      field.removeAttribute("aria-activedescendant");
      show(hits.length > 0);
      tell(hits.length);
    };

    const look = async () => {
      stop();
      const mine = new AbortController();
      request = mine;
      const address = new URL(field.dataset.search, location.href);
      address.searchParams.set("q", asked());
      const other = field.dataset.searchWith;
      if (other && field.form && field.form.elements[other]) {
        address.searchParams.set(other, field.form.elements[other].value);
      }
      try {
        const answer = await fetch(address, { signal: mine.signal });
        const hits = answer.ok ? await answer.json() : [];
        if (request === mine && document.activeElement === field) fill(hits);
      } catch {
        if (request === mine) show(false); // aborted, or the server is away: a plain field is left
      }
    };

    const later = () => {
      clearTimeout(timer);
      if (asked() || field.dataset.searchWith) timer = setTimeout(look, PAUSE_MS);
      else close();
    };

    field.addEventListener("input", later);
    field.addEventListener("blur", close);
    field.addEventListener("focus", () => {
      if (field.dataset.searchWith && !field.value) later();
    });
    list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) choose(option);
    });
    field.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      const open = !list.hidden;
      const key = event.key;
      if (open && (key === "ArrowDown" || key === "ArrowUp")) stop(); // a late answer never changes the list under who moves in it
      if (key === "ArrowDown" && open) mark(active + 1);
      else if (key === "ArrowUp" && open) mark(active < 0 ? -1 : active - 1);
      else if (key === "ArrowDown" && !lines) look();
      else if (key === "Home" && active >= 0) mark(0);
      else if (key === "End" && active >= 0) mark(-1);
      else if (key === "Enter" && active >= 0) choose(list.children[active]);
      else if (key === "Escape" && open) close();
      else return;
      event.preventDefault();
    });
    if (typing) {
      field.focus();
      if (asked()) later();
    }
  };

  const makeAll = (root) => root.querySelectorAll("[data-search]").forEach(make);
  makeAll(document);
  document.addEventListener("htmx:load", (event) => makeAll(event.detail.elt.parentNode || document));
}
