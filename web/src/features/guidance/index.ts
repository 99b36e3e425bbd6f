// What the rest of the product uses of guidelines and questions.
export { AskDialog } from './AskDialog'
export { BesidePanel, ThreadPins } from './Beside'
export { GuidelineGate } from './Gate'
export { GuidelinePage } from './GuidelinePage'
export { QuestionsPage } from './QuestionsPage'
