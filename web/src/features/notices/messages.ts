// Texts of notices.
import { catalogue } from '../../ui'

export const m = catalogue('notices', {
  notices: 'Notices',
  unread: (n: number) => (n >= 100 ? '99+' : String(n)),
  unreadName: (n: number) => (n === 0 ? 'Notices' : `Notices, ${n >= 100 ? 'more than 99' : n} unread`),
  none: 'Nothing to tell you',
  noneText: 'Answers to your questions, rulings, work that was sent back and changes of the guideline are told here.',
  readAll: 'All read',
  older: 'Older',
  mail: 'By e-mail too',
  mails: { off: 'no', each: 'each', daily: 'once a day' },
  noMail: 'This server sends no e-mail. Whoever runs it can set KARAT_SMTP.',
  words: {
    mention: 'You were named in a thread',
    answer: 'Your question was answered',
    ruling: 'Your question was ruled',
    question: 'A question was asked',
    'sent-back': 'An answer of yours was sent back',
    appeal: 'A verdict was appealed',
    'appeal-decided': 'Your appeal was decided',
    guideline: 'The guideline has changed',
    acted: 'Something was done about your work; here is why',
    'acted-undone': 'What was done about your work was undone',
    'rule-acted': 'A rule has acted',
    given: 'Items were given to you',
    late: 'The deadline of items that you gave out has passed',
    course: 'Where you stand in the course has changed',
    'job-done': 'A job of yours is done',
    'job-failed': 'A job of yours has failed',
  } as Record<string, string>,
})
