// Comfort only: the characters left, and personal data pointed out while somebody writes. Without
// this file the hint says the limit, and « Continuer » points out the same before the next step.
(function () {
  "use strict";
  var PAUSE_MS = 1200;
  var ALMOST = 200;

  function left(field) {
    var longest = Number(field.getAttribute("data-longest"));
    var told = document.createElement("p");
    told.setAttribute("role", "status");
    told.hidden = true;
    field.insertAdjacentElement("afterend", told);
    field.addEventListener("input", function () {
      var rest = longest - Array.from(field.value).length;
      told.hidden = rest > ALMOST;
      var over = rest < 0 ? -rest + " de trop : gardez l'essentiel." : "Il vous reste " + rest;
      told.textContent = rest < 0 ? over : over + (rest > 1 ? " caractères." : " caractère.");
    });
  }

  Array.prototype.forEach.call(document.querySelectorAll("[data-longest]"), left);

  var place = document.getElementById("a-verifier");
  if (!place || !window.fetch) return;
  var before = document.getElementById("verifie");
  var form = document.getElementById("recit");
  var waiting = 0;
  var asked = 0;

  function check() {
    var mine = ++asked;
    fetch(place.getAttribute("data-url"), { method: "POST", body: new FormData(form) })
      .then(function (answer) {
        return answer.ok ? answer.text() : null;
      })
      .then(function (found) {
        if (found === null || mine !== asked) return;
        before.hidden = true;
        if (place.innerHTML.trim() !== found.trim()) place.innerHTML = found;
        var mark = place.querySelector("[data-mark]");
        form.elements.heeded.value = mark ? mark.getAttribute("data-mark") : "";
      })
      .catch(function () {});
  }

  function checkSoon() {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(check, PAUSE_MS);
  }

  form.addEventListener("input", checkSoon);
  if (form.elements.description.value && !before.textContent.trim()) checkSoon();
})();
