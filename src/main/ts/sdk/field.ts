/** `field`: the columns of an entity. */

/** How concurrent edits of a field meet. */
export type CrdtKind = "lww" | "text" | "counter" | "list" | "movable-list" | "tree";

/** What a field is, as the manifest says it. */
export interface FieldSpec {
  readonly type: string;
  readonly optional: boolean;
  readonly unique: boolean;
  readonly crdt?: CrdtKind;
}

/** A field under construction. Each modifier answers a new one, so a builder can be shared. */
export class FieldBuilder {
  constructor(readonly spec: FieldSpec) {}

  optional(): FieldBuilder {
    return new FieldBuilder({ ...this.spec, optional: true });
  }

  unique(): FieldBuilder {
    return new FieldBuilder({ ...this.spec, unique: true });
  }

  crdt(kind: CrdtKind): FieldBuilder {
    return new FieldBuilder({ ...this.spec, crdt: kind });
  }
}

const required = (type: string) => new FieldBuilder({ type, optional: false, unique: false });

export const field = {
  string: () => required("string"),
  int: () => required("int"),
  float: () => required("float"),
  /** The same as `float`. */
  number: () => required("float"),
  bool: () => required("bool"),
  /** The same as `bool`. */
  boolean: () => required("bool"),
  datetime: () => required("datetime"),
  richtext: () => required("richtext"),
  /** The id of a row of another entity. */
  id: (target: string) => required(`id(${target})`),
};
