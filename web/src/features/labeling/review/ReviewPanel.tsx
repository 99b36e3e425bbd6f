// The panel at the right: who answered, what was noted and said, what the answers say differently, and their objects.

import { type ReactNode } from 'react'
import { Icon } from '../../../ui/Icon'
import { duration } from '../../../ui/format'
import { IconButton, Key, Tag } from '../../../ui/parts'
import { SidePanel } from '../SidePanel'
import { useJudging } from './context'
import type { Judging } from './judging'
import type { Difference, Layer } from './layers'
import { m } from './messages'
import type { Defect } from './shapes'
import { titleOf, TONES, wordsOf } from './words'

export function ReviewPanel(): ReactNode {
  const judging = useJudging()
  const answers = judging.layers.filter((one) => one.answer !== null)
  return (
    <div className="review-side" data-panel="side" tabIndex={-1} role="complementary" aria-label={m.panel}>
      <section className="sec">
        <h2 className="sh">{m.answers} <span className="c">{answers.length}</span></h2>
        <ul className="answers">{answers.map((layer) => <Answer key={layer.key} layer={layer} judging={judging} />)}</ul>
        {answers.some((one) => one.answer?.author === null) && <p className="t3 f12">{m.blind}</p>}
      </section>
      {judging.isFixing ? <Fix judging={judging} /> : !judging.isAdjudication && <Defects judging={judging} />}
      {answers.length > 1 && <DifferenceList judging={judging} />}
      <Earlier judging={judging} />
      <SidePanel />
    </div>
  )
}

function Answer({ layer, judging }: { layer: Layer; judging: Judging }): ReactNode {
  const said = judging.verdicts.get(layer.key)
  const { answer } = layer
  return (
    <li className={layer.key === judging.shown ? 'row g2 on' : 'row g2'}>
      <button type="button" className="grow tr" aria-pressed={layer.key === judging.shown} onClick={() => judging.show(layer.key)}>
        <span className="md">{layer.name}</span> {answer && <span className="t3 f12">{m.took(duration(answer.active_ms))}</span>}
      </button>
      {answer?.accepted && !said && <Tag tone="ok">{m.verdicts.accepted}</Tag>}
      {said && <Tag tone={TONES[said.verdict]}>{m.verdicts[said.verdict]}</Tag>}
      {said && <IconButton icon="undo" size="small" label={m.takeBack(layer.name)} onClick={() => judging.unsay(layer.key)} />}
    </li>
  )
}

function Defects({ judging }: { judging: Judging }): ReactNode {
  const { defects, screen } = judging
  return (
    <section className="sec">
      <h2 className="sh">
        {m.defects} {defects.length > 0 && <span className="c">{defects.length}</span>}
        <span className="grow" />
        <IconButton icon="flag" size="small" label={`${m.noteDefect} (D)`} onClick={() => screen.run('review.defect')} />
      </h2>
      {defects.length === 0 ? <p className="t3 f12">{m.noDefects}</p> : (
        <ul className="defects">
          {defects.map((defect, i) => (
            <li key={`${defect.code}.${defect.annotation ?? ''}`} className="row g2">
              <DefectWords defect={defect} judging={judging} />
              <IconButton icon="x" size="small" label={m.removeDefect(judging.task?.defects[defect.code]?.title ?? defect.code)} onClick={() => judging.noteDefects(defects.filter((_, n) => n !== i))} />
            </li>
          ))}
        </ul>
      )}
      {judging.note !== '' && <p className="f12"><Icon name="comment" small /> {judging.note}</p>}
    </section>
  )
}

function DefectWords({ defect, judging }: { defect: Defect; judging: Judging }): ReactNode {
  const { task, screen } = judging
  const kind = task?.defects[defect.code]
  const annotation = defect.annotation ? screen.work?.store.get(defect.annotation) : null
  const severity = defect.severity ?? kind?.severity ?? 'major'
  return (
    <>
      <span className="grow">
        <span className="md">{kind?.title ?? defect.code}</span>
        {(annotation || defect.note) && <span className="t2 f12"> {annotation ? screen.nameOf(annotation) : ''} {defect.note}</span>}
      </span>
      <Tag {...(severity === 'critical' ? { tone: 'bad' as const } : severity === 'major' ? { tone: 'warn' as const } : {})}>{m.severities[severity]}</Tag>
    </>
  )
}

function Fix({ judging }: { judging: Judging }): ReactNode {
  const { changes, screen, layers } = judging
  const answers = layers.filter((one) => one.answer !== null)
  return (
    <section className="sec">
      <h2 className="sh">{m.changes} {changes.length > 0 && <span className="c">{changes.length}</span>}</h2>
      {changes.length === 0 && <p className="t3 f12">{m.noChanges}</p>}
      <ul className="changes">
        {changes.map(({ what, before, after }) => (
          <li key={(after ?? before)?.id} className="row g2">
            <button type="button" className="grow tr" disabled={after === null} onClick={() => { if (after) { screen.view.select(after.id); screen.reveal(after) } }}>
              <span className="md">{titleOf((after ?? before)?.field ?? '', screen.schema)}</span>{' '}
              <span className="t2">{what === 'relabeled' || what === 'changed' ? `${wordsOf(before, screen.schema, screen.kinds)} → ${wordsOf(after, screen.schema, screen.kinds)}` : wordsOf(after ?? before, screen.schema, screen.kinds)}</span>
            </button>
            <Tag {...(what === 'added' ? { tone: 'ok' as const } : what === 'removed' ? { tone: 'bad' as const } : {})}>{m.kinds[what]}</Tag>
          </li>
        ))}
      </ul>
      {!judging.isAdjudication && answers.length > 1 && (
        <fieldset className="replaces">
          <legend className="t2 f12">{m.replaces}</legend>
          {answers.map((layer) => (
            <label key={layer.key} className="row g2"><input type="checkbox" checked={judging.replaced.has(layer.key)} onChange={() => judging.toggleReplaced(layer.key)} />{layer.name}</label>
          ))}
        </fieldset>
      )}
      {!judging.isAdjudication && (
        <label className="note-line">
          <span className="t2 f12">{m.note}</span>
          <textarea className="area" rows={2} value={judging.note} placeholder={m.notePlaceholder} onChange={(event) => judging.setNote(event.target.value)} />
        </label>
      )}
    </section>
  )
}

function DifferenceList({ judging }: { judging: Judging }): ReactNode {
  const { differences, at } = judging
  const one = differences[at]
  return (
    <section className="sec">
      <h2 className="sh">{m.differences} <span className="c">{differences.length}</span><span className="grow" />{differences.length > 0 && <Key>N</Key>}</h2>
      {differences.length === 0 && <p className="t3 f12">{m.sameAnswers}</p>}
      <ol className="differences">
        {differences.map((difference, n) => (
          <li key={n} className={n === at ? 'on' : ''}>
            <button type="button" aria-current={n === at} onClick={() => judging.goDifference(n)}>
              <span className="nth">{n + 1}</span>
              <span className="grow tr">{titleOf(difference.field, judging.screen.schema)}<small>{saidOn(difference, judging)}</small></span>
            </button>
          </li>
        ))}
      </ol>
      {one && <WhoSaid difference={one} judging={judging} />}
    </section>
  )
}

/** In a line: "A car, B missing". */
function saidOn(difference: Difference, judging: Judging): string {
  return judging.layers.filter((layer) => difference.ids.has(layer.key)).map((layer) => `${layer.name} ${saidBy(layer, difference, judging)}`).join(', ')
}

function saidBy(layer: Layer, { ids }: Difference, { screen }: Judging): string {
  const annotation = layer.annotations.find((one) => one.id === ids.get(layer.key))
  return annotation ? wordsOf(annotation, screen.schema, screen.kinds) : m.missing
}

function WhoSaid({ difference, judging }: { difference: Difference; judging: Judging }): ReactNode {
  return (
    <table className="who">
      <caption className="hidden">{m.whoSaid}</caption>
      <tbody>
        {judging.layers.filter((layer) => difference.ids.has(layer.key)).map((layer) => (
          <tr key={layer.key}><th scope="row">{layer.name}</th><td>{saidBy(layer, difference, judging)}</td></tr>
        ))}
      </tbody>
    </table>
  )
}

function Earlier({ judging }: { judging: Judging }): ReactNode {
  const earlier = judging.task?.earlier ?? []
  if (earlier.length === 0) return null
  return (
    <section className="sec">
      <h2 className="sh">{m.earlier} <span className="c">{earlier.length}</span></h2>
      <ul className="earlier">
        {earlier.map((review) => (
          <li key={review.id}>
            <p className="row g2"><Tag tone={TONES[review.verdict]}>{m.verdicts[review.verdict]}</Tag><span className="t3 f12 grow">{review.reviewer?.name}</span><span className="t3 f12">{new Date(review.at).toLocaleDateString()}</span></p>
            {review.defects.map((defect) => <p key={`${defect.code}.${defect.annotation ?? ''}`} className="f12">{judging.task?.defects[defect.code]?.title ?? defect.code} {defect.note}</p>)}
            {review.note && <p className="f12 t2">{review.note}</p>}
          </li>
        ))}
      </ul>
    </section>
  )
}
