// What comes next in a shape that is drawn in steps: its name, its place in the template, and the keys that count now.

import type { ReactNode } from 'react'
import type { Guide, Saying } from '../../engine/kind'
import { shownChord } from '../../engine/hotkeys'
import { Key } from '../../ui/parts'
import { useScreen } from './context'
import { drawnFields } from './fields'
import { m } from './messages'

export function DrawGuide(): ReactNode {
  const screen = useScreen()
  const { guide, tool } = screen.view.state
  const field = drawnFields(screen).find((f) => f.key === tool)
  const kind = field && screen.kinds.get(field.kind)
  if (guide === null || kind?.surface !== 'canvas') return null
  const isBegun = screen.surface?.doing() === 'drawing'
  const sayings = (kind.sayings ?? []).filter((saying) => isBegun || saying.begins)
  return (
    <div className="floatbar guide" role="status" aria-label={`${guide.words}, ${m.guide(guide.step, guide.of)}`}>
      <Picture guide={guide} />
      <div className="col">
        <span className="row g2"><strong dir="auto">{guide.words}</strong><span className="t3 f12">{m.guide(guide.step, guide.of)}</span></span>
        {sayings.map((saying) => <Hint key={saying.id} saying={saying} chord={screen.keyOf(`say.${kind.name}.${saying.id}`)} />)}
        {isBegun && <span className="row g1 t2 f12"><Key>Enter</Key> {m.guideFinish}</span>}
      </div>
    </div>
  )
}

function Hint({ saying, chord }: { saying: Saying; chord: string | null }): ReactNode {
  return chord && <span className="row g1 t2 f12"><Key>{shownChord(chord)}</Key> {saying.second && <Key>{m.rightClick}</Key>} {saying.title}</span>
}

function Picture({ guide }: { guide: Guide }): ReactNode {
  return (
    <svg viewBox="-0.06 -0.06 1.12 1.12" aria-hidden="true">
      {guide.lines.map(([a, b], i) => <line key={i} x1={a.x} y1={a.y} x2={b.x} y2={b.y} />)}
      {guide.open.map((p, i) => <circle key={i} className="open" cx={p.x} cy={p.y} r={0.022} />)}
      {guide.done.map((p, i) => <circle key={i} className="done" cx={p.x} cy={p.y} r={0.028} />)}
      <circle className="ring" cx={guide.next.x} cy={guide.next.y} r={0.07} />
      <circle className="next" cx={guide.next.x} cy={guide.next.y} r={0.04} />
    </svg>
  )
}
