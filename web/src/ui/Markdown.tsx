// A text with its Markdown drawn: headings, lists, tables, code. Nothing in it loads or runs; links leave in a tab of their own.

import { Fragment, type ReactNode, useMemo, useState } from 'react'
import { CodeText } from './CodeText'
import { Formula } from './Formula'
import { hasLineOver } from './blocks'
import { LongText } from './LongText'
import { type Block, blocksOf, type Inline } from './markdown'
import { catalogue } from './messages'
import './markdown.css'

const m = catalogue('markdown', { copy: 'Copy', copied: 'Copied', code: 'Code' })
/** Longer texts, and lines, are shown as they are. */
const LONGEST = 200_000
const LONGEST_LINE = 20_000

export function Markdown({ text }: { text: string }): ReactNode {
  const blocks = useMemo(() => (text.length > LONGEST || hasLineOver(text, LONGEST_LINE) ? null : blocksOf(text)), [text])
  if (blocks === null) return <div className="md-text plain"><LongText text={text} /></div>
  return <div className="md-text"><Blocks blocks={blocks} /></div>
}

function Blocks({ blocks }: { blocks: readonly Block[] }): ReactNode {
  return blocks.map((block, i) => <OneBlock key={i} block={block} />)
}

function OneBlock({ block }: { block: Block }): ReactNode {
  switch (block.type) {
    case 'paragraph':
      return <p dir="auto"><Inlines parts={block.inside} /></p>
    case 'heading':
      return <div role="heading" aria-level={Math.min(6, block.level + 2)} className={`h${block.level}`} dir="auto"><Inlines parts={block.inside} /></div>
    case 'code':
      return <Code text={block.text} language={block.language} />
    case 'math':
      return <Formula text={block.text} display />
    case 'quote':
      return <blockquote dir="auto"><Blocks blocks={block.blocks} /></blockquote>
    case 'rule':
      return <hr />
    case 'list': {
      const items = block.items.map((item, i) => <li key={i} dir="auto">{item.length === 1 && item[0]?.type === 'paragraph' ? <Inlines parts={item[0].inside} /> : <Blocks blocks={item} />}</li>)
      return block.start === null ? <ul dir="auto">{items}</ul> : <ol start={block.start} dir="auto">{items}</ol>
    }
    case 'table':
      return (
        <div className="wide">
          <table dir="auto">
            <thead><tr>{block.head.map((cell, i) => <th key={i} scope="col"><Inlines parts={cell} /></th>)}</tr></thead>
            <tbody>{block.rows.map((row, i) => <tr key={i}>{row.map((cell, j) => <td key={j}><Inlines parts={cell} /></td>)}</tr>)}</tbody>
          </table>
        </div>
      )
  }
}

function Inlines({ parts }: { parts: readonly Inline[] }): ReactNode {
  return parts.map((part, i) => <Fragment key={i}>{typeof part === 'string' ? part : <OneInline part={part} />}</Fragment>)
}

function OneInline({ part }: { part: Exclude<Inline, string> }): ReactNode {
  switch (part.type) {
    case 'break':
      return <br />
    case 'code':
      return <code dir="ltr">{part.text}</code>
    case 'math':
      return <Formula text={part.text} display={part.display} />
    case 'strong':
      return <strong><Inlines parts={part.inside} /></strong>
    case 'em':
      return <em><Inlines parts={part.inside} /></em>
    case 'del':
      return <del><Inlines parts={part.inside} /></del>
    case 'link':
      return <a href={part.href} target="_blank" rel="noopener noreferrer nofollow" tabIndex={-1} title={part.href}><Inlines parts={part.inside} /></a>
  }
}

function Code({ text, language }: { text: string; language: string }): ReactNode {
  return (
    <div className="code" role="group" aria-label={language ? `${m.code}: ${language}` : m.code}>
      <CopyButton text={text} />
      <pre dir="ltr"><CodeText text={text} language={language} /></pre>
    </div>
  )
}

/** Copies a text, and says so for a moment. */
export function CopyButton({ text, label = m.copy }: { text: string; label?: string }): ReactNode {
  const [done, setDone] = useState(false)
  const copy = (): void => {
    void navigator.clipboard.writeText(text).then(() => {
      setDone(true)
      setTimeout(() => setDone(false), 1500)
    })
  }
  return <button type="button" className="copy" tabIndex={-1} onClick={copy} aria-label={label}>{done ? m.copied : m.copy}</button>
}
