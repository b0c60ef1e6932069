//! The content of an element in the order in which it stands, or would stand, in a file.

use super::{Child, Element, Fragment, Markup};

/// One piece of the content of an element.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Piece<'e> {
    /// A child that the schema knows.
    Child(Child<'e>),
    /// Something that it does not.
    Other(&'e Fragment),
    /// Text of the body.
    Body(&'e str),
}

/// All pieces: in the order of the file where that was kept, new ones and all others in the order of the schema.
pub(crate) fn pieces(element: &dyn Element) -> Vec<Piece<'_>> {
    let layout = element.markup().layout();
    let mut pieces = Vec::new();
    if layout.is_empty() {
        element.children(&mut |child| pieces.push(Piece::Child(child)));
        pieces
            .extend(element.body().filter(|body| !body.text.is_empty()).map(|body| Piece::Body(&body.text)));
        return pieces;
    }
    arranged(element, layout, &mut pieces);
    pieces
}

fn arranged<'e>(element: &'e dyn Element, layout: &[u8], pieces: &mut Vec<Piece<'e>>) {
    let mut seen = [0usize; 256];
    let mut last = [0usize; 256];
    for (at, slot) in layout.iter().enumerate() {
        last[usize::from(*slot)] = at;
    }
    let kept = |slot: u8| layout.contains(&slot);
    let mut absent = (0..element.slots()).filter(|slot| !kept(*slot)).peekable();
    let mut others = element.markup().others().iter();
    let body = element.body();
    let mut body_pieces = body.map(body_pieces).unwrap_or_default().into_iter();
    for (at, slot) in layout.iter().copied().enumerate() {
        while slot < Markup::BODY
            && let Some(new) = absent.next_if(|new| *new < slot)
        {
            push_from(element, new, 0, pieces);
        }
        let nth = seen[usize::from(slot)];
        seen[usize::from(slot)] += 1;
        match slot {
            Markup::OTHER => pieces.extend(others.next().map(Piece::Other)),
            Markup::BODY => pieces.extend(body_pieces.next().map(Piece::Body)),
            _ => pieces.extend(element.child(slot, nth).map(Piece::Child)),
        }
        if slot < Markup::BODY && last[usize::from(slot)] == at {
            push_from(element, slot, nth + 1, pieces);
        }
    }
    for new in absent {
        push_from(element, new, 0, pieces);
    }
    pieces.extend(body_pieces.map(Piece::Body));
}

fn push_from<'e>(element: &'e dyn Element, slot: u8, from: usize, pieces: &mut Vec<Piece<'e>>) {
    let children = (from..).map_while(|nth| element.child(slot, nth));
    pieces.extend(children.map(Piece::Child));
}

/// The body cut as it was in the file; whole, if it has been changed since.
fn body_pieces(body: &super::Body) -> Vec<&str> {
    let total: usize = body.pieces.iter().map(|length| *length as usize).sum();
    let mut at = 0;
    let mut cut = Vec::new();
    for length in &body.pieces {
        let end = at + *length as usize;
        match body.text.get(at..end) {
            Some(piece) if total == body.text.len() => cut.push(piece),
            Some(_) | None => return vec![&body.text],
        }
        at = end;
    }
    if cut.is_empty() && !body.text.is_empty() { vec![&body.text] } else { cut }
}
