// How the screen steers a document: what goes to the page in hand, and what goes over all pages.

import type { SurfaceControls } from '../../engine/surface'
import type { Pages } from './Pages'

export function controlsOf(pages: Pages): SurfaceControls {
  const { host, cursor } = pages
  const { view, work } = host
  const marks = (): boolean => host.kinds.get(work.field(view.state.tool)?.kind ?? '')?.surface === 'text'
  const mark = (): boolean => {
    const field = work.field(view.state.tool)
    const kind = field && host.kinds.get(field.kind)
    const { range } = cursor
    if (!field || kind?.surface !== 'text' || range === null) return false
    const label = view.state.label?.field === field.key ? view.state.label.label : (field.labels[0]?.key ?? null)
    const id = work.draw(field, label, kind.fromSelection(range), view.state.redrawn?.id ?? null)
    view.set({ redrawn: null, selection: new Set([id]) })
    return true
  }
  return {
    focus: () => host.scroller.focus({ preventScroll: true }),
    fit: () => pages.fit(),
    zoom: (factor) => pages.zoom(factor),
    zoomToSelection: () => false,
    step: (by) => {
      const order = pages.inOrder()
      const at = order.findIndex((id) => view.state.selection.has(id))
      const next = order.at(at < 0 ? (by > 0 ? 0 : -1) : (at + by) % order.length)
      if (next === undefined) return
      view.select(next)
      reveal(next)
    },
    inSight: () => pages.desks.flatMap((desk) => desk.controls.inSight()).filter((id, i, all) => all.indexOf(id) === i),
    reveal: (id) => reveal(id),
    arrow: (by, held) => {
      if (!marks() || view.state.selection.size > 0) return pages.desk?.controls.arrow(by, held)
      cursor.move(by, held.shift, pages.active)
      const { at } = cursor
      const word = at && host.layer.pages[at.page]?.words[at.word]
      if (at && word) pages.show(at.page, { minX: word[2], minY: word[3], maxX: word[4], maxY: word[5] })
      pages.redraw()
    },
    enter: () => (mark() ? undefined : pages.desk?.controls.enter()),
    cancel: () => {
      const hadCursor = cursor.range !== null
      cursor.drop()
      pages.redraw()
      return pages.desks.map((desk) => desk.controls.cancel()).some(Boolean) || hadCursor
    },
    doing: () => pages.desk?.controls.doing() ?? null,
    back: () => pages.desk?.controls.back(),
    hears: (kind, saying) => pages.desk?.controls.hears?.(kind, saying) ?? false,
    say: (saying) => pages.desk?.controls.say?.(saying),
    act: (id) => pages.desk?.controls.act?.(id),
    removeCorner: () => pages.desk?.controls.removeCorner(),
    holdSpace: (down) => pages.desks.map((desk) => desk.controls.holdSpace(down)).some(Boolean),
    pointer: () => {
      const { desk } = pages
      const start = desk ? pages.startOf(desk) : { x: 0, y: 0 }
      const at = desk?.controls.pointer() ?? { x: 0, y: 0 }
      return { x: at.x + start.x, y: at.y + start.y }
    },
    marked: () => cursor.range,
  }
  function reveal(id: string): void {
    const annotation = work.store.get(id)
    const place = annotation && pages.placeOf(annotation)
    if (place) pages.show(place.page, place.bounds)
  }
}
