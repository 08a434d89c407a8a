// Comfort of the moderators' pages: keys, and masking what is selected. They work without this
// file. Keys never act while somebody is typing, nor with Ctrl, Alt or Meta, and may be turned off
// (WCAG 2.1.4).
(function () {
  "use strict";
  var page = document.getElementById("moderation");
  if (!page) return;
  var list = document.getElementById("raccourcis");
  list.hidden = false;

  function isTyping(element) {
    return element.matches("input, textarea, select") || element.isContentEditable;
  }

  function within(id, selector) {
    var place = document.getElementById(id);
    return place && place.querySelector(selector);
  }

  function linkTo(ending) {
    return page.querySelector('#decider a[href*="/' + ending + '/"]');
  }

  // In the queue: one step down or up among the buttons that open a text.
  function step(forward) {
    var buttons = Array.prototype.slice.call(page.querySelectorAll('#file button[name="lire"]'));
    var here = document.activeElement.closest("#file li");
    var current = here ? buttons.indexOf(here.querySelector('button[name="lire"]')) : -1;
    var next = buttons[Math.max(0, Math.min(buttons.length - 1, current + (forward ? 1 : -1)))];
    if (next) next.focus();
    return Boolean(next);
  }

  function tick() {
    var here = document.activeElement.closest("#file li");
    var box = here && here.querySelector("input[type=checkbox]");
    if (box) box.checked = !box.checked;
    return Boolean(box);
  }

  function press(element) {
    if (element) element.click();
    return Boolean(element);
  }

  function focus(element) {
    if (element) element.focus();
    return Boolean(element);
  }

  function showKeys() {
    var details = list.querySelector("details");
    details.open = true;
    return focus(details.querySelector("summary"));
  }

  var KEYS = {
    j: function () { return step(true); },
    k: function () { return step(false); },
    x: tick,
    a: function () { return focus(within("publier", "button")); },
    r: function () { return press(linkTo("refuser")); },
    o: function () { return press(linkTo("orienter")); },
    d: function () { return press(linkTo("danger")); },
    m: function () { return focus(within("masquer", "input[name=words]")); },
    n: function () { return press(within("suivant", "button")); },
    f: function () { return press(document.querySelector('a[href="' + page.getAttribute("data-file") + '"]')); },
    "?": showKeys
  };

  function onKey(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    if (isTyping(event.target) && event.target.type !== "checkbox") {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    var act = KEYS[event.key.toLowerCase()];
    if (act && act()) event.preventDefault();
  }

  if (page.getAttribute("data-raccourcis") === "oui") {
    document.addEventListener("keydown", onKey);
  }

  // Masking by selection: positions are counted in characters (not in UTF-16 units), a line break
  // being one.
  var panel = document.getElementById("selection");
  if (!panel) return;

  function length(node) {
    if (node.nodeType === Node.TEXT_NODE) return Array.from(node.data).length;
    if (node.nodeName === "BR") return 1;
    return Array.from(node.childNodes).reduce(function (sum, child) { return sum + length(child); }, 0);
  }

  function position(root, node, offset) {
    var count = node.nodeType === Node.TEXT_NODE
      ? Array.from(node.data.slice(0, offset)).length
      : Array.from(node.childNodes).slice(0, offset).reduce(function (sum, child) { return sum + length(child); }, 0);
    while (node !== root) {
      for (var before = node.previousSibling; before; before = before.previousSibling) count += length(before);
      node = node.parentNode;
    }
    return count;
  }

  function partOf(node) {
    var element = node.nodeType === Node.TEXT_NODE ? node.parentNode : node;
    return element.closest("[data-part]");
  }

  document.addEventListener("selectionchange", function () {
    var selection = document.getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return;
    var range = selection.getRangeAt(0);
    var part = partOf(range.startContainer);
    if (!part || part !== partOf(range.endContainer)) return;
    var start = position(part, range.startContainer, range.startOffset);
    var end = position(part, range.endContainer, range.endOffset);
    panel.querySelector("input[name=places]").value =
      part.getAttribute("data-part") + ":" + start + ":" + end;
    panel.hidden = false;
  });
})();
