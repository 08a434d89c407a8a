// « Autour de moi »: shown only where the browser can tell a position, asked for only on a click,
// rounded to three decimals (about a hundred metres). The search never needs it.
(function () {
  "use strict";
  var box = document.querySelector("[data-locate]");
  if (!box || !("geolocation" in navigator)) return;
  var form = box.closest("form");
  var status = box.querySelector("[data-locate-status]");
  box.hidden = false;

  function setField(name, value) {
    var field = form.elements.namedItem(name);
    if (!field) {
      field = document.createElement("input");
      field.type = "hidden";
      field.name = name;
      form.appendChild(field);
    }
    field.value = value;
  }

  function search(position) {
    setField("lat", position.coords.latitude.toFixed(3));
    setField("lon", position.coords.longitude.toFixed(3));
    setField("ou", "");
    form.submit();
  }

  function explain(error) {
    status.textContent =
      error.code === error.PERMISSION_DENIED
        ? "Votre navigateur n'a pas donné votre position. Écrivez plutôt votre ville."
        : "Votre position n'a pas été trouvée. Écrivez plutôt votre ville.";
  }

  box.querySelector("button").addEventListener("click", function (event) {
    event.preventDefault();
    status.textContent = "Recherche de votre position…";
    navigator.geolocation.getCurrentPosition(search, explain, {
      maximumAge: 300000,
      timeout: 10000,
    });
  });
})();
