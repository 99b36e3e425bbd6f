// YAML as text: numbered lines, quiet colours, what is wrong at its line with its remedy.
import { useEffect, useMemo, useRef, type KeyboardEvent, type ReactNode } from 'react'
import type { Problem } from '../../api'
import { Button, Icon, Key } from '../../ui'
import { m } from './messages'

export function YamlEditor({ text, problems, onText, readOnly = false }: { text: string; problems: readonly Problem[]; onText: (text: string) => void; readOnly?: boolean }) {
  const area = useRef<HTMLTextAreaElement>(null)
  const lines = useMemo(() => text.split('\n'), [text])
  const wrong = useMemo(() => new Map(problems.filter((p) => p.line).map((p) => [p.line ?? 0, p])), [problems])
  const step = useRef(0)

  const goTo = (line: number) => {
    const element = area.current
    if (!element) return
    const start = lines.slice(0, line - 1).reduce((sum, l) => sum + l.length + 1, 0)
    element.focus()
    element.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0))
    element.parentElement?.parentElement?.scrollTo({ top: Math.max(0, (line - 6) * 22) })
  }
  const press = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === 'F8' && problems.length > 0) {
      event.preventDefault()
      goTo(problems[step.current++ % problems.length]?.line ?? 1)
    } else if (event.key === 'Enter' && event.altKey) {
      const fix = problems.flatMap((p) => fixesOf(p, lines))[0]
      if (fix) {
        event.preventDefault()
        onText(fix.text)
      }
    } else if (event.key === 'Tab' && !event.shiftKey && !readOnly) {
      event.preventDefault()
      insert(event.currentTarget, '  ')
    } else if (event.key === 'Enter' && !event.altKey) {
      const at = event.currentTarget.selectionStart
      const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at)
      const indent = /^ */.exec(line)?.[0] ?? ''
      event.preventDefault()
      insert(event.currentTarget, `\n${indent}${/:\s*$/.test(line) ? '  ' : ''}`)
    }
  }
  const insert = (element: HTMLTextAreaElement, what: string) => {
    const { selectionStart: from, selectionEnd: to } = element
    onText(text.slice(0, from) + what + text.slice(to))
    requestAnimationFrame(() => element.setSelectionRange(from + what.length, from + what.length))
  }
  useEffect(() => {
    step.current = 0
  }, [problems])

  return (
    <>
      <div className="ym">
        <div className="ym-grid">
          {lines.map((line, i) => {
            const er = wrong.has(i + 1) ? 'er' : ''
            return (
              <div className="ym-line" key={i}>
                <span className={`no ${er}`}>{i + 1}</span>
                <span className={`src ${er}`}><span>{coloured(line)}</span>{er && <em className="bad" style={{ fontStyle: 'normal', paddingLeft: 24, fontFamily: 'var(--sans)' }}>{brief(wrong.get(i + 1))}</em>}</span>
              </div>
            )
          })}
        </div>
        <textarea ref={area} value={text} readOnly={readOnly} spellCheck={false} autoCapitalize="off" autoComplete="off" aria-label={m.yaml} aria-invalid={problems.length > 0} rows={lines.length} style={{ height: lines.length * 22 + 4 }} onChange={(e) => onText(e.target.value)} onKeyDown={press} />
      </div>
      {problems.length > 0 && (
        <ul className="eb" aria-label={m.errors(problems.length)}>
          {problems.map((problem, index) => (
            <li key={index}>
              <span className="bad"><Icon name="alert" /></span>
              <span>
                {brief(problem)}
                <small>{problem.path && <span className="mono">{problem.path}</span>} {problem.do}</small>
              </span>
              <span className="row g2">
                {!readOnly && fixesOf(problem, lines).slice(0, 2).map((fix, i) => <Button key={fix.title} size="small" look={i === 0 ? 'plain' : 'quiet'} onClick={() => onText(fix.text)}>{fix.title}{i === 0 && index === 0 && <Key>Alt Enter</Key>}</Button>)}
                {problem.line && <Button size="small" look="quiet" onClick={() => goTo(problem.line ?? 1)}>{m.lineColumn(problem.line)}</Button>}
              </span>
            </li>
          ))}
        </ul>
      )}
      <div className="ef">
        {problems.length > 0 ? <><span className="bad"><Icon name="alert" small /></span><span className="t1 md">{m.errors(problems.length)}</span><Key>F8</Key><span>{m.step}</span></> : <><span className="ok"><Icon name="check" small /></span><span>{m.noErrors}</span></>}
        <span className="grow" />
        <span>{m.yamlNote}</span>
      </div>
    </>
  )
}

function brief(problem: Problem | undefined): string {
  if (!problem) return ''
  const got = gotOf(problem)
  return got !== null && problem.expected ? m.got(got, problem.expected) : (problem.expected ?? problem.do ?? '')
}

/** What stood there, as it stands in the text: the server writes values as JSON. */
function gotOf({ got }: Problem): string | null {
  if (typeof got === 'number' || typeof got === 'boolean') return String(got)
  if (typeof got !== 'string') return null
  return /^".*"$/.test(got) ? got.slice(1, -1) : got
}

/** Where only a few values are possible, each is one press away. */
export function fixesOf(problem: Problem, lines: readonly string[]): { title: string; text: string }[] {
  const line = problem.line ? lines[problem.line - 1] : undefined
  const options = /^one of (.+)$/.exec(problem.expected ?? '')?.[1]?.split(', ')
  const got = gotOf(problem)
  if (line === undefined || !options || got === null || !line.includes(got)) return []
  const at = line.lastIndexOf(got)
  return options
    .toSorted((a, b) => difference(a, got) - difference(b, got))
    .map((option) => ({ title: m.use(option), text: lines.with((problem.line ?? 1) - 1, line.slice(0, at) + option + line.slice(at + got.length)).join('\n') }))
}

/** How unlike two words are: letters of one that the other lacks, and their lengths apart. */
function difference(a: string, b: string): number {
  const missing = [...a].filter((letter) => !b.includes(letter)).length
  return missing * 2 + Math.abs(a.length - b.length) + (a[0] === b[0] ? 0 : 1)
}

/** Keys plain, punctuation and comments quiet. */
function coloured(line: string): ReactNode {
  const comment = /(^|\s)#.*$/.exec(line)
  const code = comment ? line.slice(0, comment.index) : line
  const parts = code.split(/([:,{}[\]]|- )/)
  return (
    <>
      {parts.map((part, i) => (i % 2 === 1 ? <span key={i} className="p">{part}</span> : parts[i + 1] === ':' ? <b key={i} style={{ fontWeight: 500 }}>{part}</b> : <span key={i}>{part}</span>))}
      {comment && <span className="cm">{line.slice(comment.index)}</span>}
      {line === '' && ' '}
    </>
  )
}
