/** Path of a field as people write it: `spec.ports[0].port`. */
export type FieldPath = string;

/** Kubernetes' types of field errors.
 *
 * @see https://pkg.go.dev/k8s.io/apimachinery/pkg/util/validation/field#ErrorType
 */
export type FieldErrorType =
  | "FieldValueInvalid"
  | "FieldValueRequired"
  | "FieldValueDuplicate"
  | "FieldValueNotSupported"
  | "FieldValueForbidden"
  | "FieldValueTooLong"
  | "FieldValueTooMany"
  | "FieldValueTypeInvalid"
  | "FieldValueNotFound";

/** A field whose value cannot be taken. The message says the path, what it must be, and what it was. */
export class InvalidField extends Error {
  /** Tells this class from others. */
  override readonly name = "InvalidField";

  /** A violation at a path.
   *
   * @param requirement completes "`path` …", as in "must be a quantity such as 512Mi"
   */
  constructor(
    /** Where the field is. */
    readonly path: FieldPath,
    /** What was given. */
    readonly value: unknown,
    /** What it must be. */
    readonly requirement: string,
    /** What kind of violation it is. */
    readonly type: FieldErrorType = "FieldValueInvalid",
  ) {
    super(`${path} ${requirement}: it was ${JSON.stringify(value)}`);
  }
}
