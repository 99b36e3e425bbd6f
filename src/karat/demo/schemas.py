"""The two demo projects' schemas."""

STREET = """\
karat_schema: 1
streams:
  photo: {kind: image, title: Photo}
fields:
  objects:
    kind: box
    title: Objects
    labels:
      car:
        title: Car
        key: "1"
        definition: "Four-wheeled, up to nine seats. Fit the box to the visible body."
        examples:
          - {text: Tight to the body, good: true}
          - {text: Not the shadow, good: false}
        attributes:
          occluded: {kind: choice, title: Occluded, options: {none: {}, part: {}}, default: none}
      bus: {title: Bus, key: "2", definition: More than nine seats.}
      person: {title: Person, key: "3", definition: People on foot. A rider belongs to the bicycle.}
      bicycle: {title: Bicycle, key: "4", definition: The bicycle with its rider.}
  weather:
    kind: choice
    title: Weather
    required: true
    options: {clear: {title: Clear}, overcast: {title: Overcast}, night: {title: Night}}
layout: [photo, [weather, objects]]
"""

MESSAGES = """\
karat_schema: 1
streams:
  text: {kind: text, title: Message}
fields:
  topic:
    kind: choice
    title: Topic
    required: true
    options:
      delivery: {title: Delivery, key: q}
      refund: {title: Refund, key: w}
      damage: {title: Damage, key: e}
      question: {title: Question, key: r}
  tone:
    kind: choice
    title: Tone
    options: {calm: {title: Calm}, upset: {title: Upset}}
  entities:
    kind: span
    title: Entities
    labels:
      product: {title: Product, key: "1", definition: "The thing that was bought, without the article."}
      order: {title: Order number, key: "2", definition: The number only.}
      date: {title: Date, key: "3", definition: "When something happened, with its preposition."}
      place: {title: Place, key: "4"}
      amount: {title: Amount, key: "5", definition: The sum with its currency.}
  note: {kind: text, title: Note}
layout: [text, [topic, tone, entities, note]]
"""
