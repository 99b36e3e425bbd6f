// What the rest of the product uses of review.

export { FeedbackPage } from './FeedbackPage'
export { ReviewScreen } from './ReviewScreen'
