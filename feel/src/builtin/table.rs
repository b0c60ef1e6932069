//! The names, the parameters and the code of all built-in functions.

use super::{
    Entry, boolean, context, conversion, list, number, pattern, range, statistics, string, temporal,
};

macro_rules! table {
    ($($name:literal, [$($signature:expr),*], $run:path;)*) => {
        &[$(Entry { name: $name, signatures: &[$(&$signature),*], run: $run }),*]
    };
}

pub(super) static TABLE: &[Entry] = table! {
    // Conversion, Table 72.
    "date", [["from"], ["year", "month", "day"]], conversion::date;
    "date and time", [["from"], ["date", "time"], ["date", "time", "timezone"]], conversion::date_and_time;
    "time", [["from"], ["hour", "minute", "second", "offset?"]], conversion::time;
    "number", [["from", "grouping separator?", "decimal separator?"]], conversion::number;
    "string", [["from"]], conversion::string;
    "duration", [["from"]], conversion::duration;
    "years and months duration", [["from", "to"]], conversion::years_and_months_duration;
    "range", [["from"]], range::range;
    // Boolean, Table 73.
    "not", [["negand"]], boolean::not;
    "is defined", [["value"]], boolean::is_defined;
    "get or else", [["value", "default"]], boolean::get_or_else;
    // String, Table 74.
    "substring", [["string", "start position", "length?"]], string::substring;
    "string length", [["string"]], string::string_length;
    "upper case", [["string"]], string::upper_case;
    "lower case", [["string"]], string::lower_case;
    "substring before", [["string", "match"]], string::substring_before;
    "substring after", [["string", "match"]], string::substring_after;
    "contains", [["string", "match"]], string::contains;
    "starts with", [["string", "match"]], string::starts_with;
    "ends with", [["string", "match"]], string::ends_with;
    "string join", [["list", "delimiter?"]], string::string_join;
    "trim", [["string"]], string::trim;
    "replace", [["input", "pattern", "replacement", "flags?"]], pattern::replace;
    "matches", [["input", "pattern", "flags?"]], pattern::matches;
    "split", [["string", "delimiter"]], pattern::split;
    "extract", [["string", "pattern"]], pattern::extract;
    // List, Table 75.
    "list contains", [["list", "element"]], list::list_contains;
    "count", [["list"]], list::count;
    "min", [["list"], ["c..."]], list::min;
    "max", [["list"], ["c..."]], list::max;
    "sum", [["list"], ["n..."]], statistics::sum;
    "mean", [["list"], ["n..."]], statistics::mean;
    "all", [["list"], ["b..."]], boolean::all;
    "any", [["list"], ["b..."]], boolean::any;
    "sublist", [["list", "start position", "length?"]], list::sublist;
    "append", [["list", "item..."]], list::append;
    "concatenate", [["list..."]], list::concatenate;
    "insert before", [["list", "position", "newItem"]], list::insert_before;
    "remove", [["list", "position"]], list::remove;
    "reverse", [["list"]], list::reverse;
    "index of", [["list", "match"]], list::index_of;
    "union", [["list..."]], list::union;
    "distinct values", [["list"]], list::distinct_values;
    "duplicate values", [["list"]], list::duplicate_values;
    "flatten", [["list"]], list::flatten;
    "product", [["list"], ["n..."]], statistics::product;
    "median", [["list"], ["n..."]], statistics::median;
    "stddev", [["list"], ["n..."]], statistics::stddev;
    "mode", [["list"], ["n..."]], statistics::mode;
    "list replace", [["list", "position", "newItem"], ["list", "match", "newItem"]], list::list_replace;
    "sort", [["list", "precedes?"]], list::sort;
    "is empty", [["list"]], list::is_empty;
    "partition", [["list", "size"]], list::partition;
    // Number, Table 76.
    "decimal", [["n", "scale"]], number::decimal;
    "floor", [["n", "scale?"]], number::floor;
    "ceiling", [["n", "scale?"]], number::ceiling;
    "round up", [["n", "scale"]], number::round_up;
    "round down", [["n", "scale"]], number::round_down;
    "round half up", [["n", "scale"]], number::round_half_up;
    "round half down", [["n", "scale"]], number::round_half_down;
    "abs", [["n"]], number::abs;
    "modulo", [["dividend", "divisor"]], number::modulo;
    "sqrt", [["number"]], number::sqrt;
    "log", [["number"]], number::log;
    "exp", [["number"]], number::exp;
    "odd", [["number"]], number::odd;
    "even", [["number"]], number::even;
    // Dates and times, Tables 77 and 79.
    "is", [["value1", "value2"]], temporal::is;
    "day of year", [["date"]], temporal::day_of_year;
    "day of week", [["date"]], temporal::day_of_week;
    "month of year", [["date"]], temporal::month_of_year;
    "week of year", [["date"]], temporal::week_of_year;
    "last day of month", [["date"]], temporal::last_day_of_month;
    "now", [[]], temporal::now;
    "today", [[]], temporal::today;
    // Ranges, Table 78.
    "before", [["point1", "point2"], ["point", "range"], ["range", "point"], ["range1", "range2"]], range::before;
    "after", [["point1", "point2"], ["point", "range"], ["range", "point"], ["range1", "range2"]], range::after;
    "meets", [["range1", "range2"]], range::meets;
    "met by", [["range1", "range2"]], range::met_by;
    "overlaps", [["range1", "range2"]], range::overlaps;
    "overlaps before", [["range1", "range2"]], range::overlaps_before;
    "overlaps after", [["range1", "range2"]], range::overlaps_after;
    "finishes", [["point", "range"], ["range1", "range2"]], range::finishes;
    "finished by", [["range", "point"], ["range1", "range2"]], range::finished_by;
    "includes", [["range", "point"], ["range1", "range2"]], range::includes;
    "during", [["point", "range"], ["range1", "range2"]], range::during;
    "starts", [["point", "range"], ["range1", "range2"]], range::starts;
    "started by", [["range", "point"], ["range1", "range2"]], range::started_by;
    "coincides", [["point1", "point2"], ["range1", "range2"]], range::coincides;
    // Contexts, Table 81.
    "get value", [["m", "key"]], context::get_value;
    "get entries", [["m"]], context::get_entries;
    "context", [["entries"]], context::context;
    "context put", [["context", "key", "value"], ["context", "keys", "value"]], context::context_put;
    "context merge", [["contexts"]], context::context_merge;
};
