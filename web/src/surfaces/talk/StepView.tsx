// One step of an agent: its number, what it is, what it says or does and what came of it; folded to a line.

import { memo, type ReactNode } from 'react'
import type { PartMark } from '../../engine/kind'
import { briefly, formatted, type Step, wordsOf } from '../../engine/trace'
import { Icon } from '../../ui/Icon'
import { CopyButton, Markdown } from '../../ui/Markdown'
import { m } from './messages'

export interface StepViewProps {
  readonly step: Step
  readonly number: number
  readonly active?: boolean
  readonly folded?: boolean
  /** What the answers say of it; a step after one that is marked as wrong is `after`. */
  readonly mark?: PartMark | null
  readonly after?: boolean
  readonly onFold?: (number: number) => void
  /** What is asked of it. */
  readonly under?: ReactNode
}

export const StepView = memo(function StepView({ step, number, active, folded = false, mark, after, onFold, under }: StepViewProps): ReactNode {
  const name = nameOf(step)
  const classes = ['step', `step-${step.kind}`, active ? 'active' : '', mark ? 'marked' : '', after ? 'after' : '', folded ? 'folded' : '']
  return (
    <article className={classes.filter(Boolean).join(' ')} aria-label={m.step(number, [name, mark?.text].filter(Boolean).join(', '))} aria-current={active ? 'step' : undefined}>
      <header>
        <span className="step-number" aria-hidden="true">{number}</span>
        {onFold ? (
          <button type="button" className="fold" tabIndex={-1} aria-expanded={!folded} aria-label={folded ? m.unfold(number) : m.fold(number)} onClick={() => onFold(number)}><Icon name={folded ? 'cr' : 'cd'} small /></button>
        ) : null}
        <span className="md">{name}</span>
        {step.kind === 'call' && step.tool && <code className="tool-name"><bdi>{step.tool}</bdi></code>}
        {folded && <span className="t2 f12 tr grow" dir="auto">{briefly(step)}</span>}
        {step.at && !folded && <span className="t3 f12">{step.at}</span>}
        {!folded && <span className="grow" />}
        {mark && <span className="wrong-tag">{mark.text}</span>}
        {!folded && <CopyButton text={wordsOf(step)} label={m.copyStep(number)} />}
      </header>
      {!folded && <Body step={step} />}
      {under}
    </article>
  )
})

function Body({ step }: { step: Step }): ReactNode {
  if (step.kind === 'call') {
    const given = formatted(step.arguments)
    return (
      <div className="step-body">
        {given !== '' && <Code name={m.arguments} text={given} />}
        {step.result ? <Code name={m.result} text={formatted(step.result)} /> : <p className="t3 f12">{m.noResult}</p>}
      </div>
    )
  }
  if (step.kind === 'observation') return <div className="step-body"><Code name={m.result} text={formatted(step.text ?? '')} /></div>
  return <div className="step-body"><Markdown text={step.text ?? ''} /></div>
}

/** Text of machines: as it stands, scrolled where it is long. */
function Code({ name, text }: { name: string; text: string }): ReactNode {
  return (
    <div className="step-code">
      <span className="t2 f12">{name}</span>
      <pre dir="auto" tabIndex={0}>{text}</pre>
    </div>
  )
}

function nameOf(step: Step): string {
  if (step.kind !== 'message') return m.stepKinds[step.kind]
  return m.roles[step.role ?? ''] ?? step.role ?? m.stepKinds.message
}
