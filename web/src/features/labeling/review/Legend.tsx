// Which answers there are as layers, which of them is shown, and how the others look beside it.

import type { ReactNode } from 'react'
import { hueOf } from '../../../surfaces/canvas/hues'
import { Icon } from '../../../ui/Icon'
import { Key } from '../../../ui/parts'
import { drawnFields } from '../fields'
import { useJudging } from './context'
import { m } from './messages'

export function Legend(): ReactNode {
  const judging = useJudging()
  const { layers, screen, isFixing } = judging
  if (isFixing) {
    return (
      <div className="floatbar layers-legend" role="status">
        <span className="gold"><Icon name="pencil" /></span>
        <span className="md">{m.myFix}</span>
        <span className="t2">{judging.target ? m.fixOf(judging.target.name) : m.editable}</span>
      </div>
    )
  }
  if (layers.length < 2) return null
  const hasPicture = drawnFields(screen).some((f) => screen.kinds.get(f.kind)?.surface === 'canvas')
  return (
    <div className="floatbar layers-legend" role="group" aria-label={m.legend}>
      {layers.map((layer, n) => (
        <button key={layer.key} type="button" className={layer.key === judging.shown ? 'lb on' : 'lb'} aria-pressed={layer.key === judging.shown} aria-label={m.showAnswer(layer.name)} title={m.showAnswer(layer.name)} onClick={() => judging.show(layer.key)}>
          <span className={layer.key === judging.shown ? 'stroke whole' : 'stroke'} style={{ color: layer.answer === null || !hasPicture ? undefined : hueOf(n) }} aria-hidden="true" />
          <span className="tr">{layer.name}</span>
          <Key>{`⇧${n + 1}`}</Key>
        </button>
      ))}
      {hasPicture && (
        <button type="button" className={judging.isTogether ? 'lb on' : 'lb t2'} aria-pressed={judging.isTogether} title={m.togetherText} onClick={() => judging.toggleTogether()}>
          <Icon name="layers" /> {m.together} <Key>O</Key>
        </button>
      )}
    </div>
  )
}
