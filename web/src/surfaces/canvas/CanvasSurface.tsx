// The picture with its shapes: mounts the canvases, listens to pointer and wheel, and tells the screen how to steer it.

import { type ReactNode, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import type { Kinds } from '../../engine/check'
import type { Pins } from '../../engine/pins'
import type { SurfaceControls } from '../../engine/surface'
import { around, type Bounds, grown } from '../../engine/space'
import type { View } from '../../engine/view'
import type { Work } from '../../engine/work'
import { type Camera, fit, type Insets, pan, toPicture, visible, zoomAt, zoomTo } from './camera'
import { Hand } from './hand'
import { holdPicture, madeOf, type Picture, type PictureError, pictureNow, watchMaking } from './images'
import { Links } from './links'
import { PinLayer } from './pins'
import { paintGrid } from './overlay'
import { MANY_SELECTED } from './raster'
import { heldAt, Scene } from './scene'
import { isCoarse } from './sighted'
import { Stage } from './stage'
import { listen } from './listen'
import './canvas.css'

export interface CanvasSurfaceProps {
  readonly work: Work
  readonly view: View
  readonly kinds: Kinds
  readonly stream: string
  readonly url: string
  readonly insets: Insets
  readonly label: string
  readonly pins: Pins
  /** Read out when the selection changes. */
  readonly announce: string
  readonly disabled?: boolean
  /** Follows the selection: above it, below it at the edge. */
  readonly bar: ReactNode
  /** What stands in the place of the picture until it is there; of a large one that is still made ready, with how much of it is. */
  readonly loading: (percent: number | null) => ReactNode
  readonly onControls: (controls: SurfaceControls | null) => void
  readonly onBroken: (error: PictureError) => void
  readonly onActivity: () => void
}

const BAR = { height: 28, gap: 9, air: 8 }
const STEM_END_PX = 7

export function CanvasSurface(props: CanvasSurfaceProps): ReactNode {
  const { work, view, kinds, stream, url, insets, pins, label, announce, bar, loading, onControls, onBroken, onActivity, disabled } = props
  const host = useRef<HTMLDivElement>(null)
  const barHost = useRef<HTMLDivElement>(null)
  const [shown, setShown] = useState<{ url: string; picture: Picture } | null>(() => atOnce(url))
  const percent = useSyncExternalStore(watchMaking, () => madeOf(url))
  const ready = shown !== null && shown.url === url ? shown.picture : null

  useEffect(() => {
    let here = true
    const { coming, letGo } = holdPicture(url)
    coming.then(
      (loaded) => here && setShown((was) => (was?.picture === loaded ? was : { url, picture: loaded })),
      (error: PictureError) => here && onBroken(error),
    )
    return () => {
      here = false
      letGo()
    }
  }, [url, onBroken])

  useEffect(() => {
    const element = host.current
    if (element === null || ready === null) return
    const desk = new Desk(element, barHost, work, view, kinds, stream, ready, insets, pins)
    const stop = disabled ? () => undefined : listen(element, desk, onActivity)
    onControls(desk.controls)
    return () => {
      onControls(null)
      stop()
      desk.end()
    }
  }, [ready, work, view, kinds, stream, insets, pins, disabled, onControls, onActivity])

  return (
    <div className="canvas-surface">
      {/* The whole area is one control: Tab walks through the shapes in it, Esc leaves it. */}
      <div ref={host} className="canvas-host" role="application" tabIndex={0} aria-label={label} aria-roledescription="picture" />
      {ready === null && loading(percent)}
      <div ref={barHost} className="canvas-bar">
        {bar}
      </div>
      <p className="hidden" role="status" aria-live="polite">
        {announce}
      </p>
    </div>
  )
}

function atOnce(url: string): { url: string; picture: Picture } | null {
  const here = pictureNow(url)
  return here && { url, picture: here }
}

/** A picture that is one page of several: whoever lays them out says where it stands, and is asked when a hand moves it. */
export interface PageFrame {
  readonly part: string
  look(camera: Camera): void
}

/** Stage, scene and hand of one picture, kept in step with store and view. */
export class Desk {
  readonly stage: Stage
  readonly scene: Scene
  readonly links: Links
  readonly hand: Hand
  readonly controls: SurfaceControls
  private readonly pinned: PinLayer
  private readonly stops: (() => void)[] = []
  private fitted = true
  private isLeft = false
  lastPointer = { x: 0, y: 0 }

  constructor(
    readonly element: HTMLElement,
    private readonly bar: { readonly current: HTMLElement | null },
    private readonly work: Work,
    private readonly view: View,
    private readonly kinds: Kinds,
    private readonly stream: string,
    private readonly picture: Picture,
    private readonly insets: Insets,
    private readonly pins: Pins,
    private readonly frame: PageFrame | null = null,
  ) {
    this.scene = new Scene(work, stream, kinds, frame?.part ?? null)
    this.stage = new Stage(element, view)
    this.links = new Links(this.scene, view, kinds)
    this.stage.scene = this.scene
    this.stage.picture = picture
    if (picture.tiles) picture.tiles.arrived = (tile) => this.stage.tileCame(tile)
    this.hand = new Hand({
      scene: this.scene,
      view,
      stage: this.stage,
      picture: picture.size,
      leastScale: Math.min(0.05, 64 / Math.max(picture.size.width, picture.size.height)),
      landing: new Set(),
      isLeft: () => this.isLeft,
      drawing: () => this.drawing(),
      look: (camera) => this.look(camera),
      linkAt: (point) => this.links.at(point, this.stage.camera),
    })
    this.stage.painter = {
      paintTop: (brush) => {
        if (view.state.grid) paintGrid(brush, picture.size, this.stage.size)
        this.links.paint(brush, this.stage.size)
        this.hand.paintTop(brush)
        this.placeBar()
        this.pinned.follow(this.stage.camera)
        element.style.cursor = this.hand.cursor()
      },
    }
    this.pinned = new PinLayer(element, pins, stream, (id) => (view.hides(id) ? null : this.scene.space.bounds(id)), () => this.stage.touchTop())
    this.controls = this.makeControls()
    const watcher = new ResizeObserver(() => this.measure())
    watcher.observe(element)
    this.stops.push(() => watcher.disconnect(), this.followStore(), this.followView())
    this.measure()
    this.hand.pen.tell()
  }

  end(): void {
    this.isLeft = true
    for (const stop of this.stops) stop()
    this.hand.painting.end()
    if (this.picture.tiles) this.picture.tiles.arrived = null
    this.pinned.end()
    this.stage.end()
  }

  look(camera: Camera): void {
    if (this.frame !== null) return this.frame.look(camera)
    this.fitted = false
    this.stage.look(camera)
    if (Math.abs(camera.scale - this.view.state.zoom) > 0.001) this.view.set({ zoom: camera.scale })
    const isTooFar = isCoarse(this.picture, camera, this.stage.ratio)
    if (isTooFar !== this.view.state.isTooFar) this.view.set({ isTooFar })
  }

  fitAll(): void {
    this.look(fit(this.picture.size, this.stage.size, this.insets))
    this.fitted = true
  }

  /** Among other pages the wheel scrolls, as everywhere; with Ctrl it zooms. */
  scrolls(event: WheelEvent): boolean {
    return this.frame !== null && !event.ctrlKey && !event.altKey
  }

  wheel(at: { x: number; y: number }, delta: number): void {
    this.hand.wheel(at, delta)
  }

  panBy(by: { x: number; y: number }): void {
    this.look(pan(this.stage.camera, by, this.picture.size, this.stage.size))
  }

  private measure(): void {
    const { width, height } = this.element.getBoundingClientRect()
    this.stage.resize({ width, height }, window.devicePixelRatio || 1)
    if (this.frame === null && this.fitted && width > 0) this.fitAll()
  }

  private followStore(): () => void {
    return this.work.store.subscribe(({ changes }) => {
      const below = changes.flatMap((c) => {
        const regions = this.scene.update(c.id)
        // What is selected is drawn on top in each frame; nothing of it lies below.
        return this.view.state.selection.has(c.id) && !this.stage.hasManySelected ? [] : regions
      })
      this.stage.invalidate(below)
      this.links.update(changes)
      if (changes.some((c) => this.pins.at(c.id).length > 0)) this.pinned.place()
      const gone = [...this.view.state.selection].filter((id) => this.work.store.get(id) === null)
      if (gone.length > 0) this.view.select(...[...this.view.state.selection].filter((id) => !gone.includes(id)))
    })
  }

  private followView(): () => void {
    return this.view.subscribe((was) => {
      const { state } = this.view
      if (was.hidden !== state.hidden || was.layers !== state.layers || was.shown !== state.shown || was.kept !== state.kept) {
        if (was.kept === state.kept) this.pinned.place()
        return this.stage.redrawShapes()
      }
      if (was.tone !== state.tone) return this.stage.redraw()
      if (was.selection !== state.selection) {
        if (this.stage.hasManySelected || was.selection.size > MANY_SELECTED) return this.stage.redrawShapes()
        const changed = [...was.selection].filter((id) => !state.selection.has(id)).concat([...state.selection].filter((id) => !was.selection.has(id)))
        this.stage.invalidate(changed.map((id) => this.scene.space.bounds(id)).filter((b) => b !== null))
      }
      if (was.tool !== state.tool || was.brush.way !== state.brush.way) this.hand.cancel()
      if (was.tool !== state.tool || was.redrawn !== state.redrawn) this.hand.pen.tell()
      this.stage.touchTop()
    })
  }

  private drawing(): ReturnType<ConstructorParameters<typeof Hand>[0]['drawing']> {
    const { tool, label } = this.view.state
    const field = this.work.field(tool)
    const kind = field && this.kinds.get(field.kind)
    // What belongs on another picture of the item is not drawn here.
    if (!field || kind?.surface !== 'canvas' || (field.on ?? this.stream) !== this.stream) return null
    return { field, kind, label: (label?.field === field.key ? label.label : field.labels[0]?.key) ?? null }
  }

  private selectionBounds(): Bounds | null {
    return [...this.view.state.selection].map((id) => this.scene.space.bounds(id)).reduce(around, null)
  }

  /** The selection with the handles that stand off it. */
  private heldBounds(): Bounds | null {
    const { single } = this.view
    const { scale } = this.stage.camera
    const stems = single === null ? [] : this.scene.handlesOf(single).filter((h) => h.stem !== undefined)
    const ends = stems.map((h) => heldAt(h, scale)).map(({ x, y }) => grown({ minX: x, minY: y, maxX: x, maxY: y }, STEM_END_PX / scale))
    return [this.selectionBounds(), ...ends].reduce(around, null)
  }

  /** Above the selection, below it where there is no room, never outside the surface. */
  private placeBar(): void {
    const bar = this.bar.current
    if (bar === null) return
    const bounds = this.heldBounds()
    // Who paints goes all around the selection: a bar in the way would take the strokes.
    const hide = bounds === null || this.hand.isBusy || this.hand.painting.tool !== null
    bar.style.visibility = hide ? 'hidden' : 'visible'
    if (bounds === null || hide) return
    const { camera, size } = this.stage
    const top = bounds.minY * camera.scale + camera.y - BAR.height - BAR.gap
    const below = bounds.maxY * camera.scale + camera.y + BAR.gap
    const y = top >= BAR.air ? top : Math.min(below, size.height - BAR.height - BAR.air)
    const x = Math.min(Math.max(bounds.minX * camera.scale + camera.x, BAR.air), size.width - this.barWidth(bar) - BAR.air)
    bar.style.transform = `translate(${Math.round(x)}px, ${Math.round(Math.max(BAR.air, y))}px)`
  }

  /** Asking for the width makes the browser lay out the page, so it is asked only when the words change. */
  private barWidth(bar: HTMLElement): number {
    const words = bar.textContent ?? ''
    if (this.measured.words !== words) this.measured = { words, width: bar.offsetWidth }
    return this.measured.width
  }

  private measured = { words: '', width: 0 }

  private makeControls(): SurfaceControls {
    return {
      focus: () => this.element.focus({ preventScroll: true }),
      fit: () => this.fitAll(),
      zoom: (factor) => this.look(zoomAt(this.stage.camera, { x: this.stage.size.width / 2, y: this.stage.size.height / 2 }, factor, 0.02)),
      zoomToSelection: () => this.zoomToSelection(),
      step: (by) => this.step(by),
      inSight: () => this.inSight(),
      reveal: (id) => this.reveal(id),
      arrow: (by, { shift, alt }) => {
        const step = { x: by.x * (shift ? 10 : 1), y: by.y * (shift ? 10 : 1) }
        if (alt) this.hand.handles.stretch(step)
        else this.hand.nudge(step)
      },
      enter: () => this.hand.pen.placeByKey(),
      cancel: () => this.hand.cancel(),
      doing: () => this.hand.doing,
      otherWay: () => this.hand.pen.bordering.turn(),
      back: () => this.hand.pen.back(),
      hears: (kind, saying) => this.hand.pen.hears(kind, saying),
      say: (saying) => this.hand.pen.say(saying),
      act: (id) => this.hand.handles.act(id, toPicture(this.stage.camera, this.lastPointer)),
      removeCorner: () => this.hand.handles.removeHeld(),
      holdSpace: (down) => {
        this.hand.holdSpace(down)
        this.stage.touchTop()
        return true
      },
      resizeBrush: (by) => void this.hand.resizeBrush(by),
      pointer: () => this.lastPointer,
      boundsOf: (id) => this.scene.space.bounds(id),
      marked: () => null,
    }
  }

  private zoomToSelection(): boolean {
    const bounds = this.selectionBounds()
    if (bounds === null) return false
    const wanted = zoomTo(bounds, this.stage.size, this.insets)
    const { camera } = this.stage
    if (Math.abs(wanted.scale - camera.scale) < 0.001 && Math.abs(wanted.x - camera.x) < 1) return false
    this.look(wanted)
    return true
  }

  private step(by: 1 | -1): void {
    const order = this.scene.inReadingOrder(this.picture.size.height).filter((a) => !this.view.hides(a.id))
    const at = order.findIndex((a) => this.view.state.selection.has(a.id))
    const next = order.at(at < 0 ? (by > 0 ? 0 : -1) : (at + by) % order.length)
    if (!next) return
    this.view.select(next.id)
    this.reveal(next.id)
  }

  private inSight(): string[] {
    const seen = visible(this.stage.camera, this.stage.size)
    return this.scene.inReadingOrder(this.picture.size.height).filter((a) => {
      const b = this.scene.space.bounds(a.id)
      return b !== null && !this.view.hides(a.id) && b.maxX > seen.minX && b.minX < seen.maxX && b.maxY > seen.minY && b.minY < seen.maxY
    }).map((a) => a.id)
  }

  private reveal(id: string): void {
    const bounds = this.scene.space.bounds(id)
    if (bounds === null) return
    const seen = visible(this.stage.camera, this.stage.size)
    const isSeen = bounds.maxX > seen.minX && bounds.minX < seen.maxX && bounds.maxY > seen.minY && bounds.minY < seen.maxY
    if (isSeen) return
    const { camera, size } = this.stage
    const [x, y] = [(bounds.minX + bounds.maxX) / 2, (bounds.minY + bounds.maxY) / 2]
    this.look({ scale: camera.scale, x: size.width / 2 - x * camera.scale, y: size.height / 2 - y * camera.scale })
  }
}
