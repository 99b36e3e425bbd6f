// What every panel finds as `karat`: the way to the page around it. The contract stands in docs/panels/karat-panel.d.ts.
(() => {
  'use strict'
  const VERSION = 1
  // No policy that browsers know speaks of these; the frame has no other window to take them from.
  for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection', 'WebTransport']) delete window[name]
  const host = window.parent
  const root = document.documentElement
  let port = null
  let handlers = null
  const waiting = []
  const say = (message) => {
    const said = { karat: VERSION, ...message }
    if (port === null) waiting.push(said)
    else port.postMessage(said)
  }
  const heard = ({ data }) => {
    if (data.type === 'show' || data.type === 'look') {
      root.dataset.theme = data.look.theme
      root.lang = data.look.locale
    }
    const handle = handlers[data.type]
    if (typeof handle === 'function') handle(data)
  }
  // The first message brings the port by which everything else goes: it dies with this document, wherever the frame goes next.
  window.addEventListener('message', (event) => {
    if (port !== null || event.source !== host || !event.data || event.data.karat !== VERSION || event.data.type !== 'port') return
    port = event.ports[0]
    port.onmessage = heard
    for (const said of waiting.splice(0)) port.postMessage(said)
  })
  const grows = new ResizeObserver(() => say({ type: 'height', height: Math.ceil(document.body.scrollHeight) }))
  Object.defineProperty(window, 'karat', {
    value: Object.freeze({
      version: VERSION,
      start: (given) => {
        if (handlers !== null) throw new Error('karat.start was called twice')
        handlers = { ...given }
        host.postMessage({ karat: VERSION, type: 'ready' }, '*')
        grows.observe(document.body)
      },
      set: (field, value) => say({ type: 'set', field, value }),
      remove: (field) => say({ type: 'remove', field }),
      height: (height) => {
        grows.disconnect()
        say({ type: 'height', height })
      },
      problem: (text) => say({ type: 'problem', text: String(text) }),
    }),
  })
  window.addEventListener('error', (event) => say({ type: 'problem', text: String(event.message) }))
  window.addEventListener('unhandledrejection', (event) => say({ type: 'problem', text: String(event.reason) }))
  // Keys that the panel has no use for are those of the screen.
  const typed = 'input:not([type=range], [type=checkbox], [type=radio], [type=button], [type=color]), textarea, select, [contenteditable]'
  const worked = 'input, button, a, summary, [tabindex]'
  window.addEventListener('keydown', (event) => {
    const { target, key, code, ctrlKey, altKey, shiftKey, metaKey } = event
    const chord = ctrlKey || metaKey || altKey
    if (event.defaultPrevented || event.isComposing || key === 'Tab') return
    const inText = target instanceof Element && target.closest(typed) !== null
    const onControl = target instanceof Element && target.closest(worked) !== null
    if (inText && key !== 'Escape' && !(chord && key === 'Enter')) return
    if (onControl && !chord && (key === 'Enter' || key === ' ' || key.startsWith('Arrow'))) return
    event.preventDefault()
    say({ type: 'key', key, code, ctrlKey, altKey, shiftKey, metaKey })
  })
})()
