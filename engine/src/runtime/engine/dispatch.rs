//! Effects between instances, delivered in commit order before the next command.

use super::Engine;
use super::commit::{Written, effect, outbox_put};
use super::step::{Request, Target};
use crate::command::{Command, Rejection, RejectionCode};
use crate::id::{InstanceId, Timestamp};
use crate::runtime::error::CommandError;
use crate::runtime::record::{Answer, Dispatch, MessageNote, MessageNoteKind, Posted, Receipt, Receiver};
use crate::runtime::remember::{CommandId, Remember};
use crate::runtime::router::RouteError;
use crate::runtime::store::{
    BufferRow, EffectId, RowChange, SubscriptionKind, SubscriptionRow, WaitAddress, decode, encode,
};
use tokenflow_feel::Context;

/// Kept messages that are looked at in one go.
const PAGE: usize = 256;

impl Engine {
    /// Carries out a command and delivers what it has thrown.
    pub(in crate::runtime) fn command(&mut self, request: Request) -> Result<InstanceId, CommandError> {
        self.ready()?;
        let id = self.carry_out(request)?;
        self.settle();
        Ok(id)
    }

    /// Publishes a message from outside (rule 22).
    pub(in crate::runtime) fn publish(
        &mut self,
        posted: Posted,
        command: Option<&CommandId>,
        by: Option<String>,
    ) -> Result<Receipt, CommandError> {
        self.ready()?;
        let routed = self.router().message(&posted).map_err(|error| match error {
            RouteError::Ambiguous(rejection) => CommandError::Rejected(rejection),
            RouteError::Store(error) => CommandError::Store(error),
        })?;
        let receipt = match routed.receivers.as_slice() {
            [] => self.keep_or_refuse(&posted, command, unreceived(&posted, routed.is_held)),
            [receiver] => match self.reach(receiver, &posted, command, by) {
                Err(CommandError::Rejected(rejection)) => {
                    self.keep_or_refuse(&posted, command, missed(&posted, rejection))
                }
                reached => reached,
            },
            receivers => self.reach_all(receivers, &posted, command),
        }?;
        self.settle();
        Ok(receipt)
    }

    /// Broadcasts a signal from outside (rule 21); one that nobody catches is lost.
    pub(in crate::runtime) fn broadcast(
        &mut self,
        posted: Posted,
        command: Option<&CommandId>,
        by: Option<String>,
    ) -> Result<Receipt, CommandError> {
        self.ready()?;
        let receivers = self.router().signal(&posted)?;
        let receipt = match receivers.as_slice() {
            [receiver] => match self.reach(receiver, &posted, command, by) {
                // Its only catcher is not what the index says; then nobody catches it.
                Err(CommandError::Rejected(_)) => Receipt::default(),
                reached => reached?,
            },
            receivers => self.reach_all(receivers, &posted, command)?,
        };
        self.settle();
        Ok(receipt)
    }

    /// The only receiver takes it in the same commit that remembers the command.
    fn reach(
        &mut self,
        receiver: &Receiver,
        posted: &Posted,
        command: Option<&CommandId>,
        by: Option<String>,
    ) -> Result<Receipt, CommandError> {
        let Some(mut request) = self.request(receiver, posted)? else {
            return Err(CommandError::rejected(
                RejectionCode::NotFound,
                "the receiver is not deployed any more",
            ));
        };
        request.by = by;
        request.remember = command
            .map(|command| Remember { command: command.clone(), answer: |id| Answer::Published(one(id)) });
        self.carry_out(request).map(one)
    }

    /// Several receivers: they are fixed in one commit, then each gets it in a commit of its own.
    fn reach_all(
        &mut self,
        receivers: &[Receiver],
        posted: &Posted,
        command: Option<&CommandId>,
    ) -> Result<Receipt, CommandError> {
        let reached = receivers.iter().filter_map(|receiver| match receiver {
            Receiver::Wait(at) => Some(at.instance),
            Receiver::Instance(id) => Some(*id),
            Receiver::Start { .. } | Receiver::Host { .. } => None,
        });
        let mut receipt = Receipt { instances: reached.collect(), is_buffered: false };
        if receivers.is_empty() && command.is_none() {
            return Ok(receipt);
        }
        let parts = parts(receivers, posted);
        let rows =
            parts.iter().map(|(number, part)| outbox_put(EffectId { part: *number, ..effect(1) }, part));
        let rows = rows.collect();
        let consumed = command.map(|command| command.consumed(&Answer::Published(receipt.clone())));
        if let Written::At(position) = self.write_rows(rows, None, consumed.into_iter().collect())? {
            for (part, dispatch) in parts {
                self.expect(EffectId { position, ordinal: 1, part }, dispatch);
            }
        }
        receipt.instances.extend(self.drain()?);
        Ok(receipt)
    }

    fn keep_or_refuse(
        &mut self,
        posted: &Posted,
        command: Option<&CommandId>,
        rejection: Rejection,
    ) -> Result<Receipt, CommandError> {
        let kept_for = posted.expires.is_some_and(|expires| expires > self.now());
        let may_wait = matches!(rejection.code, RejectionCode::NotFound | RejectionCode::Suspended);
        if !kept_for || !may_wait {
            return Err(CommandError::Rejected(rejection));
        }
        let receipt = Receipt { instances: Vec::new(), is_buffered: true };
        let consumed = command.map(|command| command.consumed(&Answer::Published(receipt.clone())));
        let rows = vec![buffer_put(effect(1), posted)];
        self.write_rows(rows, Some(posted.note(MessageNoteKind::Buffered)), consumed.into_iter().collect())?;
        Ok(receipt)
    }

    /// Before a command: what an earlier one left undelivered, because the store failed, comes first.
    pub(super) fn ready(&mut self) -> Result<(), CommandError> {
        self.reload()?;
        self.drain()?;
        Ok(())
    }

    /// After a command: effects, then what is due at once. The command itself is durable already, so a failure here
    /// is not its own; what remains is delivered before the next one.
    pub(in crate::runtime) fn settle(&mut self) {
        if self.drain().is_err() {
            return;
        }
        if matches!(self.clock, crate::runtime::clock::Clock::Virtual(_)) {
            // A failure leaves the timers due; the next command or a move of the clock finds them.
            let _ = self.fire_due();
        }
    }

    /// Delivers until nothing is left; gives the instances that were created.
    pub(super) fn drain(&mut self) -> Result<Vec<InstanceId>, CommandError> {
        let mut created = Vec::new();
        if self.is_draining {
            return Ok(created);
        }
        self.is_draining = true;
        let result = self.drain_all(&mut created);
        self.is_draining = false;
        result.map(|()| created)
    }

    fn drain_all(&mut self, created: &mut Vec<InstanceId>) -> Result<(), CommandError> {
        while let Some((id, dispatch)) = self.pending.pop_first() {
            if let Err(error) = self.dispatch(id, &dispatch, created) {
                self.pending.insert(id, dispatch);
                return Err(error);
            }
        }
        Ok(())
    }

    fn dispatch(
        &mut self,
        id: EffectId,
        dispatch: &Dispatch,
        created: &mut Vec<InstanceId>,
    ) -> Result<(), CommandError> {
        let take = RowChange::OutboxTake(id);
        match dispatch {
            Dispatch::Continue(instance) => {
                let mut request = Request::new(Target::Existing(*instance), Command::Continue);
                request.rows.push(take);
                self.carry_out(request).map(drop).or_else(|error| self.drop_effect(id, error))
            }
            Dispatch::Opened(at) => self.look_into_buffer(id, *at),
            Dispatch::Offered(name) => self.offer_kept(id, name),
            Dispatch::Message(posted) => self.dispatch_message(id, posted, created),
            Dispatch::Signal(posted) => {
                let receivers = self.router().signal(posted)?;
                self.hand_over(id, &receivers, posted)
            }
            Dispatch::Deliver(receiver, posted) => {
                match self.deliver(receiver, posted, vec![take], None)? {
                    Some(instance) => {
                        created.extend(matches!(receiver, Receiver::Start { .. }).then_some(instance))
                    }
                    None => self.write_plain(vec![RowChange::OutboxTake(id)])?,
                }
                Ok(())
            }
        }
    }

    fn dispatch_message(
        &mut self,
        id: EffectId,
        posted: &Posted,
        created: &mut Vec<InstanceId>,
    ) -> Result<(), CommandError> {
        let receivers = match self.router().message(posted) {
            Ok(routed) => routed.receivers,
            Err(RouteError::Store(error)) => return Err(error.into()),
            // The step saw one receiver only; it waits until they can be told apart.
            Err(RouteError::Ambiguous(_)) => Vec::new(),
        };
        match receivers.as_slice() {
            [] => self.keep_thrown(id, posted),
            [receiver @ (Receiver::Wait(_) | Receiver::Instance(_) | Receiver::Start { .. })] => {
                match self.deliver(receiver, posted, vec![RowChange::OutboxTake(id)], None)? {
                    Some(instance) => {
                        created.extend(matches!(receiver, Receiver::Start { .. }).then_some(instance));
                        Ok(())
                    }
                    None => self.keep_thrown(id, posted),
                }
            }
            receivers => self.hand_over(id, receivers, posted),
        }
    }

    /// Replaces an effect by its parts, one for each receiver, in its place in the order.
    fn hand_over(
        &mut self,
        id: EffectId,
        receivers: &[Receiver],
        posted: &Posted,
    ) -> Result<(), CommandError> {
        let parts = parts(receivers, posted);
        let mut rows = vec![RowChange::OutboxTake(id)];
        rows.extend(
            parts.iter().map(|(part, dispatch)| outbox_put(EffectId { part: *part, ..id }, dispatch)),
        );
        if let Written::At(_) = self.write_rows(rows, None, Vec::new())? {
            for (part, dispatch) in parts {
                self.expect(EffectId { part, ..id }, dispatch);
            }
        }
        Ok(())
    }

    fn keep_thrown(&mut self, id: EffectId, posted: &Posted) -> Result<(), CommandError> {
        let rows = vec![RowChange::OutboxTake(id), buffer_put(id, posted)];
        self.write_rows(rows, Some(posted.note(MessageNoteKind::Buffered)), Vec::new())?;
        Ok(())
    }

    /// None where the receiver refuses it: it has moved on meanwhile.
    fn deliver(
        &mut self,
        receiver: &Receiver,
        posted: &Posted,
        takes: Vec<RowChange>,
        message: Option<MessageNote>,
    ) -> Result<Option<InstanceId>, CommandError> {
        let Some(mut request) = self.request(receiver, posted)? else { return Ok(None) };
        request.rows = takes;
        request.message = message;
        match self.carry_out(request) {
            Ok(instance) => Ok(Some(instance)),
            Err(error) if error.is_final() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The command by which a receiver gets a message or signal; none where it is not deployed.
    fn request(&self, receiver: &Receiver, posted: &Posted) -> Result<Option<Request>, CommandError> {
        let mut request = match receiver {
            Receiver::Wait(at) => {
                let message = posted.occurrence();
                Request::new(
                    Target::Existing(at.instance),
                    Command::Message { key: at.key, which: at.which, message },
                )
            }
            Receiver::Instance(id) => {
                Request::new(Target::Existing(*id), Command::Signal(posted.occurrence()))
            }
            Receiver::Start { process, version, node } => {
                let Some(ix) = self.library.version(process, *version) else { return Ok(None) };
                let Some(at) = self.library.process(ix).find(node) else { return Ok(None) };
                let trigger = Some(posted.occurrence());
                let command =
                    Command::Start { process: ix, at: Some(at), trigger, variables: Context::new() };
                Request::new(Target::New { process: ix, reference: None }, command)
            }
            Receiver::Host { .. } => return Ok(None),
        };
        request.depth = posted.depth;
        Ok(Some(request))
    }

    /// An effect whose command is refused has nothing left to do.
    fn drop_effect(&mut self, id: EffectId, error: CommandError) -> Result<(), CommandError> {
        if error.is_final() { self.write_plain(vec![RowChange::OutboxTake(id)]) } else { Err(error) }
    }

    /// The oldest kept message that a subscription which has just been opened may take.
    fn look_into_buffer(&mut self, id: EffectId, at: WaitAddress) -> Result<(), CommandError> {
        let open = self.store.subscription(at)?;
        let open = open.filter(|row| row.kind == SubscriptionKind::Message && !row.is_held);
        if let Some(row) = open {
            let mut after = None;
            loop {
                let page = self.store.buffered(Some(&row.name), after, PAGE)?;
                for kept in &page {
                    if self.hand_kept(id, &row, kept)? {
                        return Ok(());
                    }
                }
                if page.len() < PAGE {
                    break;
                }
                after = page.last().map(|kept| kept.id);
            }
        }
        self.write_plain(vec![RowChange::OutboxTake(id)])
    }

    /// True where the subscription took the kept message.
    fn hand_kept(
        &mut self,
        id: EffectId,
        row: &SubscriptionRow,
        kept: &BufferRow,
    ) -> Result<bool, CommandError> {
        // A message that cannot be read is never used; it must not stop what waits behind it.
        let Ok(posted) = decode::<Posted>("buffer", &kept.message) else { return Ok(false) };
        if kept.expires <= self.now() || !self.router().accepts(row, &posted) {
            return Ok(false);
        }
        let takes = vec![RowChange::OutboxTake(id), RowChange::BufferTake(kept.id)];
        let note = Some(posted.note(MessageNoteKind::Correlated));
        Ok(self.deliver(&Receiver::Wait(row.at), &posted, takes, note)?.is_some())
    }

    /// Messages that were kept because nobody waited may start what has been deployed.
    fn offer_kept(&mut self, id: EffectId, name: &str) -> Result<(), CommandError> {
        let mut after = None;
        loop {
            let page = self.store.buffered(Some(name), after, PAGE)?;
            for kept in &page {
                self.reconsider(kept)?;
            }
            if page.len() < PAGE {
                return self.write_plain(vec![RowChange::OutboxTake(id)]);
            }
            after = page.last().map(|kept| kept.id);
        }
    }

    fn reconsider(&mut self, kept: &BufferRow) -> Result<(), CommandError> {
        let Ok(posted) = decode::<Posted>("buffer", &kept.message) else { return Ok(()) };
        if kept.expires <= self.now() {
            return Ok(());
        }
        let routed = match self.router().message(&posted) {
            Ok(routed) => routed,
            Err(RouteError::Ambiguous(_)) => return Ok(()),
            Err(RouteError::Store(error)) => return Err(error.into()),
        };
        for receiver in &routed.receivers {
            let takes = vec![RowChange::BufferTake(kept.id)];
            let note = Some(posted.note(MessageNoteKind::Correlated));
            if self.deliver(receiver, &posted, takes, note)?.is_some() {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Drops a kept message whose time is over.
    pub(super) fn expire(&mut self, row: &BufferRow) -> Result<(), CommandError> {
        let posted = decode::<Posted>("buffer", &row.message).ok();
        let note = posted.map(|posted| posted.note(MessageNoteKind::Expired));
        self.write_rows(vec![RowChange::BufferTake(row.id)], note, Vec::new())?;
        Ok(())
    }
}

fn one(instance: InstanceId) -> Receipt {
    Receipt { instances: vec![instance], is_buffered: false }
}

/// One effect for each receiver, numbered from 1.
fn parts(receivers: &[Receiver], posted: &Posted) -> Vec<(u32, Dispatch)> {
    let deliver = |receiver: &Receiver| Dispatch::Deliver(receiver.clone(), posted.clone());
    (1u32..).zip(receivers.iter().map(deliver)).collect()
}

fn buffer_put(id: EffectId, posted: &Posted) -> RowChange {
    RowChange::BufferPut(BufferRow {
        id,
        name: posted.name.clone(),
        key: posted.key_text(),
        expires: posted.expires.unwrap_or(Timestamp::NEVER),
        message: encode("buffer", posted),
    })
}

/// A receiver that has moved on since the index was read is none.
fn missed(posted: &Posted, rejection: Rejection) -> Rejection {
    match rejection.code {
        RejectionCode::NotFound | RejectionCode::NotWaiting | RejectionCode::Ended => {
            unreceived(posted, false)
        }
        RejectionCode::JobNotActive
        | RejectionCode::Suspended
        | RejectionCode::NotExecutable
        | RejectionCode::AmbiguousTarget
        | RejectionCode::KeyConflict
        | RejectionCode::Duplicate
        | RejectionCode::Forbidden
        | RejectionCode::InvalidPayload
        | RejectionCode::InvalidTarget
        | RejectionCode::Limit => rejection,
    }
}

fn unreceived(posted: &Posted, is_held: bool) -> Rejection {
    if is_held {
        let message = format!("the instance that waits for message `{}` is suspended", posted.name);
        return Rejection::new(RejectionCode::Suspended, message);
    }
    let key = posted.key_text().map(|key| format!(" with key `{key}`")).unwrap_or_default();
    Rejection::new(RejectionCode::NotFound, format!("nobody waits for message `{}`{key}", posted.name))
}
