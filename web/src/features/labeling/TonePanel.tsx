// How the picture is shown: sliders for brightness, contrast and gamma, one channel, inversion, a grid.

import type { ReactNode } from 'react'
import { type Channel, CHANNELS, isPlain, PLAIN, RANGES } from '../../engine/tone'
import { shownChord } from '../../engine/hotkeys'
import { Button, Check, Key, Segmented } from '../../ui/parts'
import { m } from './messages'
import type { Screen } from './screen'

export function TonePanel({ screen }: { screen: Screen }): ReactNode {
  const { tone, grid } = screen.view.state
  const bands = Math.max(0, ...Object.values(screen.work?.task.item.streams ?? {}).map(({ facts }) => facts.bands ?? 0))
  const key = (id: string): ReactNode => {
    const chord = screen.keyOf(id)
    return chord && <Key>{shownChord(chord)}</Key>
  }
  return (
    <div className="floatbar beside keep-focus" role="dialog" aria-label={m.commands.tone}>
      <Slider name="brightness" screen={screen} step={1} />
      <Slider name="contrast" screen={screen} step={1} />
      <Slider name="gamma" screen={screen} step={0.05} />
      <div className="line">
        <span className="name">{m.tone.channel}</span>
        <Segmented<Channel> label={m.tone.channel} value={tone.channel} options={CHANNELS.map((value) => ({ value, title: m.channels[value] }))} onChange={(channel) => screen.choices.setTone({ channel })} />
      </div>
      <div className="line">
        <Check checked={tone.invert} onChange={(invert) => screen.choices.setTone({ invert })}>{m.tone.invert} {key('view.invert')}</Check>
        <Check checked={grid} onChange={() => screen.choices.toggleGrid()}>{m.tone.grid} {key('view.grid')}</Check>
        <span className="grow" />
        <Button size="small" disabled={isPlain(tone)} onClick={() => screen.choices.setTone(PLAIN)}>{m.tone.reset}</Button>
      </div>
      {bands > 3 && <p className="f11 t2">{m.tone.bands(bands)}</p>}
      <p className="f11 t3">{m.tone.note}</p>
    </div>
  )
}

function Slider({ name, screen, step }: { name: keyof typeof RANGES; screen: Screen; step: number }): ReactNode {
  const value = screen.view.state.tone[name]
  const [min, max] = RANGES[name]
  return (
    <label className="line">
      <span className="name">{m.tone[name]}</span>
      <input type="range" min={min} max={max} step={step} value={value} onChange={(event) => screen.choices.setTone({ [name]: Number(event.target.value) })} onDoubleClick={() => screen.choices.setTone({ [name]: PLAIN[name] })} />
      <output className="f12 t2">{name === 'gamma' ? value.toFixed(2) : value}</output>
    </label>
  )
}
