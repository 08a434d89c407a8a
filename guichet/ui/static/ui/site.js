// Comfort only: every page works without this file. It runs before the first paint and listens
// to the document, so that nothing is hidden that it could not open.
(function () {
  "use strict";
  var root = document.documentElement;
  var dark = window.matchMedia("(prefers-color-scheme: dark)");

  function followSystem() {
    root.setAttribute("data-fr-theme", dark.matches ? "dark" : "light");
  }
  followSystem();
  if (dark.addEventListener) dark.addEventListener("change", followSystem);
  root.setAttribute("data-ui-js", "");

  function toggles() {
    return Array.prototype.slice.call(document.querySelectorAll("[data-ui-toggle]"));
  }

  function panelsOf(button) {
    var name = button.getAttribute("aria-controls");
    return Array.prototype.slice.call(
      document.querySelectorAll("#" + name + ', [data-ui-panel="' + name + '"]')
    );
  }

  function isOpen(button) {
    return button.getAttribute("aria-expanded") === "true";
  }

  function show(button, open) {
    button.setAttribute("aria-expanded", String(open));
    panelsOf(button).forEach(function (panel) {
      if (open) panel.setAttribute("data-ui-open", "");
      else panel.removeAttribute("data-ui-open");
    });
  }

  // A skip link to what a closed menu hides opens that menu first.
  function reveal(target) {
    toggles().forEach(function (button) {
      var hides = panelsOf(button).some(function (panel) {
        return panel.contains(target);
      });
      if (hides) show(button, true);
    });
    var details = target.closest("details");
    if (details) details.open = true;
  }

  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("main a[href]").forEach(function (link) {
      link.setAttribute("data-ui-address", link.href);
    });
  });

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("[data-ui-print]").forEach(function (button) {
      button.hidden = false;
    });
  });

  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-ui-print]")) {
      window.print();
      return;
    }
    var button = event.target.closest("[data-ui-toggle]");
    if (button) {
      show(button, !isOpen(button));
      return;
    }
    var link = event.target.closest('a[href^="#"]');
    var target = link && document.getElementById(link.getAttribute("href").slice(1));
    if (target) reveal(target);
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    toggles().filter(isOpen).forEach(function (button) {
      show(button, false);
      button.focus();
    });
  });
})();
