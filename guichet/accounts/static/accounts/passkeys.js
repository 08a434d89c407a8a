// Passkeys: asks the browser for a credential, then sends the page's own form.
// Needs webauthn-json (shipped by allauth). Without it, or without JavaScript, the page keeps its
// explanation and the button stays hidden.
(function () {
  'use strict'

  const area = document.getElementById('passkey-area')
  const problem = document.getElementById('passkey-problem')
  if (!area || !window.PublicKeyCredential || !window.webauthnJSON) return
  area.hidden = false
  document.getElementById('passkey-unavailable').hidden = true

  function optionsOfPage () {
    return JSON.parse(document.getElementById('passkey-options').textContent)
  }

  async function optionsOfServer (form) {
    const response = await fetch(form.action, { headers: { Accept: 'application/json' } })
    if (!response.ok) throw new Error('status ' + response.status)
    return response.json()
  }

  const ceremonies = {
    'passkey-login': async function (form) {
      return window.webauthnJSON.get((await optionsOfServer(form)).request_options)
    },
    'passkey-authenticate': function () {
      return window.webauthnJSON.get(optionsOfPage().request_options)
    },
    'passkey-add': function () {
      const creation = optionsOfPage().creation_options
      Object.assign(creation.publicKey.authenticatorSelection, {
        residentKey: 'required', requireResidentKey: true, userVerification: 'required'
      })
      return window.webauthnJSON.create(creation)
    }
  }

  function explanation (error) {
    if (error.name === 'InvalidStateError') {
      return 'Cet appareil contient déjà une de vos clés d\u2019accès.'
    }
    if (error.name === 'SecurityError') {
      return 'Les clés d\u2019accès ne fonctionnent pas à cette adresse : ouvrez le site par son nom.'
    }
    return 'La clé d\u2019accès n\u2019a pas été lue : recommencez, ou utilisez un code.'
  }

  for (const [id, ceremony] of Object.entries(ceremonies)) {
    const form = document.getElementById(id)
    if (!form) continue
    form.addEventListener('submit', async function (event) {
      event.preventDefault()
      problem.textContent = ''
      try {
        form.elements.credential.value = JSON.stringify(await ceremony(form))
      } catch (error) {
        problem.textContent = explanation(error)
        return
      }
      form.submit()
    })
  }
})()
