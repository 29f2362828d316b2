// Keyboard and opening/closing for the search boxes; htmx fetches the suggestions. Without this file, or without htmx,
// a search box is a plain form. Besides: «/» goes to the search box, and the results keep the focus when they change.
(() => {
  "use strict";

  const listOf = (input) => document.getElementById(input.getAttribute("aria-controls"));
  const optionsOf = (list) => [...list.querySelectorAll('[role="option"]')];

  const setOpen = (input, open) => {
    const list = listOf(input);
    list.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
    if (!open) highlight(input, null);
  };

  const highlight = (input, option) => {
    for (const other of optionsOf(listOf(input))) other.setAttribute("aria-selected", String(other === option));
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  };

  const move = (input, step) => {
    const options = optionsOf(listOf(input));
    if (!options.length) return;
    // The text itself is one more place, before the first option and after the last.
    const places = [null, ...options];
    const at = places.indexOf(options.find((option) => option.getAttribute("aria-selected") === "true") || null);
    setOpen(input, true);
    highlight(input, places[(at + step + places.length) % places.length]);
  };

  const boxInput = (target) => (target instanceof Element ? target.closest("[data-search-box] input[role=combobox]") : null);

  document.addEventListener("htmx:afterSwap", (event) => {
    const form = event.target instanceof Element ? event.target.closest("[data-search-box]") : null;
    if (!form) return;
    const input = form.querySelector("input[role=combobox]");
    const list = listOf(input);
    if (event.target !== list) return;
    optionsOf(list).forEach((option, index) => (option.id = `${list.id}-${index}`));
    setOpen(input, document.activeElement === input && optionsOf(list).length > 0);
  });

  const takesText = (element) => element.isContentEditable || /^(input|select|textarea)$/i.test(element.tagName);

  // What had the focus is gone with the old results (a page, a condition taken away): go on from the new total.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.elt?.id !== "search-results" && event.target?.id !== "search-results") return;
    if (document.activeElement === document.body) document.getElementById("search-total")?.focus({ preventScroll: true });
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !takesText(event.target)) {
      // The box of the page itself comes after the one in the header, which is hidden there.
      const boxes = [...document.querySelectorAll("[data-search-box] input[role=combobox]")];
      const box = boxes.filter((one) => one.checkVisibility({ visibilityProperty: true })).at(-1);
      if (box) {
        event.preventDefault();
        box.focus();
        box.select();
      }
      return;
    }
    const input = boxInput(event.target);
    // While an input method is composing, its keys belong to it (229: Safari).
    if (!input || event.isComposing || event.keyCode === 229) return;
    const open = input.getAttribute("aria-expanded") === "true";
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!optionsOf(listOf(input)).length) return;
      event.preventDefault();
      move(input, event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && open) {
      const chosen = listOf(input).querySelector('[aria-selected="true"]');
      if (chosen) {
        event.preventDefault();
        window.location.assign(chosen.href);
      }
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      setOpen(input, false);
    }
  });

  document.addEventListener("focusin", (event) => {
    for (const input of document.querySelectorAll("[data-search-box] input[role=combobox]")) {
      const form = input.closest("[data-search-box]");
      if (form.contains(event.target)) {
        if (event.target !== input) continue;
        if (!input.value && input.hasAttribute("data-recent")) window.htmx?.trigger(input, "recent");
        else if (optionsOf(listOf(input)).length && input.value) setOpen(input, true);
      } else if (!listOf(input).hidden) {
        setOpen(input, false);
      }
    }
  });

  document.addEventListener("pointerdown", (event) => {
    for (const input of document.querySelectorAll("[data-search-box] input[role=combobox]")) {
      if (!input.closest("[data-search-box]").contains(event.target) && !listOf(input).hidden) setOpen(input, false);
    }
  });
})();
