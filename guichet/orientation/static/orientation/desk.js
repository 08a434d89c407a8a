// The keys of the telephone desk: figures pick in the list, letters note the call. They never act
// while somebody is typing, nor with Ctrl, Alt or Meta; the screen works without this file, and
// does without the keys where they were turned off (WCAG 2.1.4).
(function () {
  "use strict";
  var desk = document.getElementById("standard");
  if (!desk) return;
  document.getElementById("raccourcis").hidden = false;
  if (desk.getAttribute("data-raccourcis") !== "oui") return;

  var OUTCOMES = { r: "answered", t: "transferred", h: "out_of_scope", s: "not_found" };
  var gone = false;

  function outcome(letter) {
    return desk.querySelector('button[name="suite"][value="' + OUTCOMES[letter] + '"]');
  }

  Object.keys(OUTCOMES).forEach(function (letter) {
    if (outcome(letter)) outcome(letter).setAttribute("aria-keyshortcuts", letter);
  });

  function isTyping(element) {
    return element.matches("input, textarea, select") || element.isContentEditable;
  }

  // The place of the key, not its character: figures need Shift on a French keyboard.
  function figure(event) {
    var found = /^(?:Digit|Numpad)([1-9])$/.exec(event.code);
    return found ? Number(found[1]) : 0;
  }

  function meant(event) {
    var letter = event.key.toLowerCase();
    if (figure(event)) return desk.querySelectorAll("#choix li a")[figure(event) - 1];
    if (OUTCOMES[letter]) return outcome(letter);
    return letter === "c" ? document.getElementById("recommencer") : null;
  }

  // The browser gives `autofocus` its place only once the page is drawn: what a quick hand types
  // before would act as keys, and note a call.
  var awaited = desk.querySelector("[autofocus]");
  if (awaited && document.activeElement === document.body && !location.hash) awaited.focus();

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || gone) return;
    if (isTyping(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    var field = desk.querySelector("#besoin input:not([type=hidden])");
    if (event.key.toLowerCase() === "b" && field) {
      event.preventDefault();
      field.focus();
      field.select();
      return;
    }
    var target = meant(event);
    if (!target) return;
    event.preventDefault();
    gone = true;
    target.click();
  });

  window.addEventListener("pageshow", function () {
    gone = false;
  });
})();
