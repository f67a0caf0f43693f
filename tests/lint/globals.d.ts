// What scripts find on their pages and do not bring themselves, for `tsc`.

/** Django's admin: its select fields with a search listen to jQuery's events alone. */
declare const django: { jQuery(element: Element | (() => void)): { trigger(event: string): void; on(event: string, act: () => void): void } }

/** The body editor's engine, which has no types. The page's import map says where it is (news/newsroom/body_input.py). */
declare module "django-prose-editor/editor" {
  type Parts = Record<string, string | boolean | ((this: any, ...given: any[]) => any)>
  interface Kind {
    create(parts: Parts): any
    extend(parts: Parts): any
    configure(options: object): any
  }
  const Blockquote: Kind
  const Bold: Kind
  const BulletList: Kind
  const Document: Kind
  const Dropcursor: Kind
  const Extension: Kind
  const Gapcursor: Kind
  const HardBreak: Kind
  const Heading: Kind
  const History: Kind
  const HorizontalRule: Kind
  const Italic: Kind
  const Link: Kind
  const ListItem: Kind
  const Mark: Kind
  const Node: Kind
  const OrderedList: Kind
  const Paragraph: Kind
  const Subscript: Kind
  const Superscript: Kind
  const Table: Kind
  const TableCell: Kind
  const TableHeader: Kind
  const TableRow: Kind
  const Text: Kind
  const Editor: any
  const Plugin: any
  const pm: any
  const textInputRule: (rule: object) => any
}

interface Window {
  /** Django's JavaScript catalogue, where the page has one. */
  gettext?: (text: string) => string
}

interface Document {
  /** A page that Chromium loads before anybody asks for it. */
  readonly prerendering?: boolean
}
