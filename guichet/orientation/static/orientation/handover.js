// Comfort only: the reason follows the place that is chosen, until somebody rewrites it. Without
// this file the server does the same when the sheet is made.
(function () {
  "use strict";
  var why = document.querySelector("[data-why-of]");
  if (!why) return;
  var proposed = why.value;

  document.addEventListener("change", function (event) {
    var reason = event.target.getAttribute("data-why");
    if (reason === null || event.target.name !== why.getAttribute("data-why-of")) return;
    if (why.value.trim() !== proposed.trim()) return;
    why.value = proposed = reason;
  });
})();
