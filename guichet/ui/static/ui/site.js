// Comfort only: every page works without this file.
(function () {
  "use strict";

  function panelsOf(button) {
    var name = button.getAttribute("aria-controls");
    return document.querySelectorAll('#' + name + ', [data-ui-panel="' + name + '"]');
  }

  function show(button, open) {
    button.setAttribute("aria-expanded", String(open));
    panelsOf(button).forEach(function (panel) {
      panel.toggleAttribute("data-ui-open", open);
    });
  }

  document.querySelectorAll("[data-ui-toggle]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      show(button, button.getAttribute("aria-expanded") !== "true");
    });
    document.addEventListener("keydown", function (event) {
      if (event.key === "Escape" && button.getAttribute("aria-expanded") === "true") {
        show(button, false);
        button.focus();
      }
    });
  });

  // A skip link to what a closed menu hides opens it first.
  document.querySelectorAll('a[href^="#"]').forEach(function (link) {
    link.addEventListener("click", function () {
      var target = document.getElementById(link.getAttribute("href").slice(1));
      if (!target) return;
      document.querySelectorAll("[data-ui-toggle]").forEach(function (button) {
        panelsOf(button).forEach(function (panel) {
          if (panel.contains(target)) show(button, true);
        });
      });
    });
  });
})();
