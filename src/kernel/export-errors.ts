/** Errors of exports, of the OData feed and of adapters to other billing systems. */
export const exportErrors = {
  ExportNotFound: {
    status: 404,
    template: "There is no export '{export}'.",
    advice: 'List those that there are with stackmeter export list.',
  },
  FocusFileInvalid: {
    status: 422,
    template: '{file} cannot be read as a FOCUS file: {reason}.',
    advice:
      'Give Parquet, or CSV with a header of column names, in UTF-8, with commas, and every row with a value for each.',
  },
  ExportNumberTooLong: {
    status: 409,
    template:
      'The column {column} has the number {value}, and Parquet has room for {before} digits before the point and {after} after it.',
    advice: 'Export as CSV, which has room for all digits; nothing is rounded.',
  },
  ExportRowsDiffer: {
    status: 500,
    template: 'Nothing was delivered, since {what} would come to {found} and not to {wanted}.',
    advice:
      'Find the cause with stackmeter invoice verify and stackmeter rating verify, and report it: rows always come to what was invoiced.',
  },
  ExportDestinationFailed: {
    status: 502,
    template: 'The files of the export could not be written: {reason}.',
    advice:
      'See to it that the folder or store can be written to; the run goes on by itself, or start it again.',
  },
  ExportDisabled: {
    status: 409,
    template: "The export '{export}' is disabled, and nothing of it is done.",
    advice: 'Set its state to Enabled, and run it then.',
  },
  ExportChanged: {
    status: 409,
    template: "The export '{export}' was changed before the run was done; a new run does it.",
    advice: 'List its runs with stackmeter export runs.',
  },
  ExportQuotaExceeded: {
    status: 409,
    template: 'The account has reached the limit of its folders for exports: {what}.',
    advice:
      'Remove exports or deliver with overwrite, or to a store of your own; the operator sets exportQuota.',
  },
  ExportRunNotFound: {
    status: 404,
    template: "The export '{export}' has no run '{run}'.",
    advice: 'List its runs with stackmeter export runs.',
  },
  ExportFileNotFound: {
    status: 404,
    template: "The run '{run}' has no file '{file}' that can be read here.",
    advice: 'The manifest names the files; those in a store are read there.',
  },
  ExportPeriodUnknown: {
    status: 404,
    template: "There is no billing period '{period}' to export.",
    advice: 'Name one as stackmeter account periods shows it, such as 202610-1.',
  },
  AdapterNotFound: {
    status: 404,
    template: "There is no billing adapter '{adapter}'.",
    advice: 'List those that there are with stackmeter adapter list.',
  },
} as const;
