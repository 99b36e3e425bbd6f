// The pages of one document on the screen: laid out under one another, drawn where in sight, each a desk of its own.

import type { Kinds } from '../../engine/check'
import { CodePoints } from '../../engine/codepoints'
import type { Point } from '../../engine/gesture'
import type { KindUi, Range } from '../../engine/kind'
import { type DocumentLayer, pageAddress } from '../../engine/pages'
import { attributesOf, type Field } from '../../engine/schema'
import { Signal } from '../../engine/signal'
import type { Pins } from '../../engine/pins'
import type { Annotation, Id, Json } from '../../engine/types'
import type { View } from '../../engine/view'
import type { Work } from '../../engine/work'
import type { Camera } from '../canvas/camera'
import { Desk } from '../canvas/CanvasSurface'
import { fetchPicture, type Picture, type PictureError } from '../canvas/images'
import { listen } from '../canvas/listen'
import { boundsOf, type More } from '../canvas/scene'
import type { Bounds } from '../../engine/space'
import { Cursor } from './cursor'
import { clamped, fitted, inSight, pane, type Place, type Stack, stacked } from './layout'
import { markedOn } from './marking'
import { PageWords } from './words'

const NO_INSETS = { left: 0, top: 0, right: 0, bottom: 0 }
/** Pages that are just out of sight are drawn too, so that scrolling finds them there. */
const AHEAD_PX = 200

export interface PagesHost {
  /** What scrolls, what stays in sight in it, and what makes it as large as all pages. */
  readonly scroller: HTMLElement
  readonly pane: HTMLElement
  readonly space: HTMLElement
  readonly bar: { readonly current: HTMLElement | null }
  readonly work: Work
  readonly view: View
  readonly kinds: Kinds
  readonly stream: string
  readonly url: string
  readonly layer: DocumentLayer
  readonly disabled: boolean
  readonly pins: Pins
  onActivity(): void
  onBroken(error: PictureError): void
}

interface OnePage {
  readonly element: HTMLElement
  at: Point
  desk: Desk | null
  picture: Picture | null
  stop: () => void
}

export class Pages extends Signal {
  /** The page that was pressed last, or that the screen shows most of. */
  active = 0
  readonly cursor: Cursor
  private readonly open = new Map<number, OnePage>()
  private readonly words: readonly PageWords[]
  private readonly kinds: readonly Kinds[]
  private scale = 1
  private isFitted = true
  private readonly stops: (() => void)[] = []

  constructor(readonly host: PagesHost) {
    super()
    const points = new CodePoints(host.layer.text)
    this.words = host.layer.pages.map((_, i) => new PageWords(host.layer, i, points))
    this.kinds = this.words.map((words) => this.kindsOn(words))
    this.cursor = new Cursor(this.words)
    const scrolled = (): void => this.arrange()
    host.scroller.addEventListener('scroll', scrolled, { passive: true })
    const watcher = new ResizeObserver(() => this.measure())
    watcher.observe(host.scroller)
    this.stops.push(
      () => host.scroller.removeEventListener('scroll', scrolled),
      () => watcher.disconnect(),
      host.view.subscribe((was) => {
        if (was.tool !== host.view.state.tool || was.selection !== host.view.state.selection) this.cursor.drop()
        if (was.selection !== host.view.state.selection) this.placeBar()
      }),
    )
    this.measure()
  }

  end(): void {
    for (const stop of this.stops) stop()
    for (const number of [...this.open.keys()]) this.close(number)
  }

  get desk(): Desk | null {
    return this.open.get(this.active)?.desk ?? null
  }

  get desks(): readonly Desk[] {
    return [...this.open.values()].flatMap(({ desk }) => (desk ? [desk] : []))
  }

  /** Where a page's own window begins on the screen. */
  startOf(desk: Desk): Point {
    return [...this.open.values()].find((page) => page.desk === desk)?.at ?? { x: 0, y: 0 }
  }

  /** The whole width of the pages, with what is in sight kept there. */
  fit(): void {
    this.isFitted = true
    this.zoomTo(fitted(this.host.layer.pages, this.size))
  }

  zoom(factor: number): void {
    this.isFitted = false
    this.zoomTo(clamped(this.scale * factor))
  }

  /** Brings a part of a page to the middle of the screen, unless it is there already. */
  show(page: number, bounds: Bounds): void {
    const place = this.stack.places[page]
    if (!place) return
    const { scroller } = this.host
    const [top, bottom] = [place.top + bounds.minY * this.scale, place.top + bounds.maxY * this.scale]
    const [left, right] = [place.left + bounds.minX * this.scale, place.left + bounds.maxX * this.scale]
    const isSeen = top >= scroller.scrollTop && bottom <= scroller.scrollTop + this.size.height && left >= scroller.scrollLeft && right <= scroller.scrollLeft + this.size.width
    this.active = page
    if (!isSeen) scroller.scrollTo({ left: (left + right - this.size.width) / 2, top: (top + bottom - this.size.height) / 2 })
    this.arrange()
  }

  /** Where an annotation begins: the page, and what it covers there. */
  placeOf(annotation: Annotation): { readonly page: number; readonly bounds: Bounds } | null {
    const field = this.host.work.field(annotation.field)
    if (field === null) return null
    const part = annotation.on?.part
    const pages = part === undefined ? this.words.keys() : [Number(part) - 1]
    for (const page of pages) {
      const kind = this.kinds[page]?.get(annotation.kind)
      if (kind?.surface !== 'canvas' || !kind.isShape(annotation.value)) continue
      const bounds = boundsOf(kind.outline(annotation.value, field))
      if (bounds) return { page, bounds }
    }
    return null
  }

  /** Everything that lies on the document, page by page from top to bottom. */
  inOrder(): Id[] {
    const { work, stream, view } = this.host
    const found = work.store.list().flatMap((a) => {
      if ((a.on?.stream ?? work.field(a.field)?.on) !== stream || view.hides(a.id)) return []
      const place = this.placeOf(a)
      return place ? [{ id: a.id, ...place }] : []
    })
    return found.sort((a, b) => a.page - b.page || a.bounds.minY - b.bounds.minY || a.bounds.minX - b.bounds.minX).map(({ id }) => id)
  }

  redraw(): void {
    for (const desk of this.desks) desk.stage.touchTop()
  }

  private get size(): { readonly width: number; readonly height: number } {
    return { width: this.host.scroller.clientWidth, height: this.host.scroller.clientHeight }
  }

  private get stack(): Stack {
    return stacked(this.host.layer.pages, this.scale, this.size)
  }

  private measure(): void {
    const { width, height } = this.size
    Object.assign(this.host.pane.style, { width: `${width}px`, height: `${height}px` })
    if (width === 0) return
    if (this.isFitted) this.fit()
    else this.arrange()
  }

  private zoomTo(scale: number): void {
    const { scroller } = this.host
    const middle = { x: scroller.scrollLeft + this.size.width / 2, y: scroller.scrollTop + this.size.height / 2 }
    const share = scale / this.scale
    this.scale = scale
    this.arrange({ left: middle.x * share - this.size.width / 2, top: scroller.scrollTop === 0 ? 0 : middle.y * share - this.size.height / 2 })
  }

  /** A hand moved a page, or zoomed at a point of it: all pages follow. */
  private look(page: number, camera: Camera): void {
    const one = this.open.get(page)
    if (!one) return
    if (camera.scale !== this.scale) this.isFitted = false
    this.scale = clamped(camera.scale)
    const place = this.stack.places[page]
    if (place) this.arrange({ left: place.left - one.at.x - camera.x, top: place.top - one.at.y - camera.y })
  }

  private arrange(to: { readonly left: number; readonly top: number } | null = null): void {
    const { scroller, space, view } = this.host
    const { size, stack } = this
    Object.assign(space.style, { width: `${stack.width}px`, height: `${Math.max(0, stack.height - size.height)}px` })
    if (to !== null) scroller.scrollTo(to)
    const shown = inSight(stack, scroller.scrollTop, size.height, AHEAD_PX)
    for (const number of [...this.open.keys()]) if (!shown.includes(number) && this.open.get(number)?.desk?.hand.isBusy !== true) this.close(number)
    for (const number of shown) this.put(number, stack.places[number])
    const most = this.mostShown(stack)
    if (!shown.includes(this.active) || this.desk?.hand.isBusy !== true) this.active = most
    if (Math.abs(view.state.zoom - this.scale) > 0.001) view.set({ zoom: this.scale })
    this.placeBar()
    this.changed()
  }

  private mostShown({ places }: Stack): number {
    const { scrollTop } = this.host.scroller
    const shown = places.map(({ top, height }) => Math.min(top + height, scrollTop + this.size.height) - Math.max(top, scrollTop))
    return shown.indexOf(Math.max(...shown))
  }

  private put(number: number, place: Place | undefined): void {
    if (!place) return
    const { scroller } = this.host
    const page = this.open.get(number) ?? this.begin(number)
    const start = { x: place.left - scroller.scrollLeft, y: place.top - scroller.scrollTop }
    const [x, y] = [pane(start.x, place.width, this.size.width), pane(start.y, place.height, this.size.height)]
    page.at = { x: x.at, y: y.at }
    Object.assign(page.element.style, { width: `${x.length}px`, height: `${y.length}px`, transform: `translate(${x.at}px, ${y.at}px)` })
    page.desk?.stage.look({ scale: this.scale, x: start.x - x.at, y: start.y - y.at })
  }

  private begin(number: number): OnePage {
    const { host } = this
    const element = Object.assign(document.createElement('div'), { className: 'pages-page', tabIndex: -1 })
    element.dataset['page'] = String(number + 1)
    // Until its picture is there nothing can be drawn on it, and it must not look as if.
    element.ariaBusy = 'true'
    host.pane.append(element)
    const page: OnePage = { element, at: { x: 0, y: 0 }, desk: null, picture: null, stop: () => undefined }
    this.open.set(number, page)
    fetchPicture(pageAddress(host.url, number + 1, 'screen')).then(
      (picture) => this.shown(number, page, picture),
      (error: PictureError) => this.open.get(number) === page && host.onBroken(error),
    )
    return page
  }

  private shown(number: number, page: OnePage, picture: Picture): void {
    const size = this.host.layer.pages[number]
    if (this.open.get(number) !== page || !size) return picture.image.close()
    const { work, view, stream, bar, disabled, onActivity } = this.host
    const part = String(number + 1)
    page.picture = picture
    const mine = { get current() { return own() } }
    const own = (): HTMLElement | null => (this.barPage() === number ? bar.current : null)
    const desk = new Desk(page.element, mine, work, view, this.kinds[number] ?? new Map(), stream, { ...picture, size }, NO_INSETS, this.host.pins, { part, look: (camera) => this.look(number, camera) })
    desk.scene.more = (field, label, value) => this.more(number, field, label, value)
    desk.scene.words = () => this.words[number]?.frames() ?? []
    const { painter } = desk.stage
    desk.stage.painter = {
      paintTop: (brush) => {
        painter?.paintTop(brush)
        this.cursor.paint(brush, number)
      },
    }
    const press = (): void => {
      this.active = number
      this.cursor.drop()
    }
    page.element.addEventListener('pointerdown', press)
    const quiet = disabled ? () => undefined : listen(page.element, desk, onActivity)
    page.stop = () => {
      page.element.removeEventListener('pointerdown', press)
      quiet()
      desk.end()
    }
    page.desk = desk
    page.element.ariaBusy = null
    this.put(number, this.stack.places[number])
    this.changed()
  }

  private close(number: number): void {
    const page = this.open.get(number)
    this.open.delete(number)
    page?.stop()
    page?.element.remove()
    page?.picture?.image.close()
  }

  /** What lies on a page says so, and a region with a place for its text gets the words in it. */
  private more(page: number, field: Field, label: string | null, value: Json): ReturnType<More> {
    const plain = this.host.kinds.get(field.kind)
    if (plain?.surface !== 'canvas') return {}
    const asked = attributesOf(field, label).find((a) => a.key === 'text' && a.kind === 'text')
    const bounds = boundsOf(plain.outline(value, field))
    const said = asked && bounds ? (this.words[page]?.textWithin(bounds) ?? '') : ''
    const text = asked?.options['multiline'] === true ? said : said.replaceAll('\n', ' ')
    return { part: String(page + 1), ...(text ? { attributes: { text } } : {}) }
  }

  private kindsOn(words: PageWords): Kinds {
    const entries = [...this.host.kinds].map(([name, kind]): [string, KindUi<unknown>] => [name, kind.surface === 'text' ? markedOn(kind, words, (range) => this.isTaken(range)) : kind])
    return new Map(entries)
  }

  /** Whether a word is marked already, by the field in hand: a click there chooses what marks it. */
  private isTaken([start, end]: Range): boolean {
    const { work, kinds, view } = this.host
    return work.store.list().some((a) => {
      const kind = kinds.get(a.kind)
      return kind?.surface === 'text' && a.field === view.state.tool && kind.ranges(a.value).some(([from, to]) => from < end && start < to)
    })
  }

  private barPage(): number | null {
    const [first] = this.host.view.state.selection
    const annotation = first === undefined ? null : this.host.work.store.get(first)
    return annotation ? (this.placeOf(annotation)?.page ?? null) : null
  }

  private placeBar(): void {
    const bar = this.host.bar.current
    const number = this.barPage()
    const page = number === null ? undefined : this.open.get(number)
    if (bar === null) return
    if (!page?.desk) bar.style.visibility = 'hidden'
    else Object.assign(bar.style, { left: `${page.at.x}px`, top: `${page.at.y}px` })
  }
}
