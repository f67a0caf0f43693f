// Quotation marks, dashes and dots as a newspaper prints them, while they are typed. Backspace takes one back.
import { Extension, textInputRule } from "django-prose-editor/editor"

const OPENING = "(?:^|[\\s([{<“‘\\u00a0–—-])" // what stands before an opening mark
const RULES = [
  [/(?<!-)--$/, "–"],
  [/–-$/, "—"],
  [/\.\.\.$/, "…"],
  [new RegExp(`${OPENING}(")$`), "“"],
  [/"$/, "”"],
  [new RegExp(`${OPENING}(')$`), "‘"],
  [/'$/, "’"],
]

export const SmartQuotes = Extension.create({
  name: "smartQuotes",
  addInputRules: () => RULES.map(([find, replace]) => textInputRule({ find, replace })),
})
