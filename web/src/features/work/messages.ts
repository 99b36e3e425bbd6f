// Texts of an annotator's own start page. Nothing here speaks of other people.
import { catalogue, noun } from '../../ui'

export const m = catalogue('work', {
  title: 'My work',
  next: 'Next',
  waiting: 'Items are waiting for you',
  nothingWaiting: 'Nothing is waiting for you',
  nothingWaitingText: 'Everything open to you is answered. New items appear here by themselves.',
  goOn: 'Go on',
  many: 'Label many at once',
  noProjects: 'No project is open to you yet',
  noProjectsText: 'A manager adds projects to your workspace. They appear here by themselves.',
  others: 'Your projects',
  today: 'Today',
  todayAll: 'answered today',
  total: 'In all',
  median: 'Median time',
  perItem: 'per item, of your own',
  recent: 'Lately answered',
  recentText: 'open one to correct it',
  none: 'What you answer appears here.',
  item: 'Item',
  state: 'State',
  when: 'When',
  mineToday: (n: string, count: number) => `${n} ${noun(count, 'item', 'items')} today`,
  done: 'Nothing is waiting now',
  states: { submitted: 'Answered', skipped: 'Skipped', withdrawn: 'Taken back' } as Record<string, string>,
})
