"""The stages with a store: what was made is not made again, and what was paid for is not paid for again."""

from contextlib import suppress
from dataclasses import dataclass, field

from summarizer import __version__
from summarizer.article import Article
from summarizer.engines import OnEvent
from summarizer.errors import BudgetExceeded, IncompleteBrief, StoreError, SummarizerError
from summarizer.estimating import Estimate
from summarizer.models import identity_of
from summarizer.pipeline.stages import Made, Stages
from summarizer.store import Claim, Engine, Store


@dataclass
class Keeping:
    """Makes briefs, and keeps them."""

    stages: Stages
    store: Store
    _engine: Engine | None = field(default=None, init=False)

    async def made(
        self,
        article: Article,
        on_event: OnEvent | None = None,
        *,
        run: int | None = None,
        retry_failed: bool = True,
    ) -> Made | SummarizerError | None:
        """The brief of ``article``, made before or now; None where another process, or another call, is at it.

        An error is what it failed of before, where that is not tried again.

        Args:
            article: what it is of.
            on_event: as for `Stages.made`.
            run: the number of the run that keeps it.
            retry_failed: whether what failed before, of a reason that has not gone away by itself, is tried again.
                What another process has tried since this run began is not tried once more.

        Raises:
            SummarizerError: as `Stages.made` raises it.
            StoreError: the store cannot be read or written.
        """
        engine = await self.engine()
        if brief := self.store.brief(article, engine):
            return Made(brief, stored=True)
        if failure := self.store.failure(article, engine):
            lasting = not retry_failed and not failure.retryable
            if lasting or (run is not None and self.store.failed_since(run, article, engine)):
                return _as_before(failure)
        claim = self.store.claim(article, engine)
        if claim is None:
            return None
        try:
            made = await self.stages.made(article, on_event, claim.replies)
        except SummarizerError as error:
            self._keep_failure(claim, error, run)
            raise
        except BaseException:
            self._release(claim)
            raise
        if made.error:
            self._keep_failure(claim, made.error, run)
        elif made.unsettled:
            self._release(claim)  # the replies are kept: the next run asks for no more than what is missing
        else:
            self.store.keep(claim, made.brief, run)
        return made

    async def estimate(self, article: Article) -> Estimate:
        """What the brief would cost now.

        Raises:
            ChunkError: as `Stages.estimate` raises it.
            StoreError: the store cannot be read.
        """
        engine = await self.engine()
        failure = self.store.failure(article, engine)
        if self.store.brief(article, engine) or (failure and not failure.retryable):
            return Estimate(articles=1, made=1)
        return self.stages.estimate(article, self.store.answers(engine))

    async def engine(self) -> Engine:
        """What makes the briefs, as the store knows it.

        Raises:
            ModelError: the model's name has to be asked of its server, and cannot.
        """
        if self._engine is None:
            model, options = self.stages.model, self.stages.options
            self._engine = Engine(
                model=await identity_of(model) if model else None,
                prompts=[prompt.id for prompt in self.stages.prompts.values()] if model else [],
                options=options.that_matter,
                library=__version__,
            )
        return self._engine

    def _keep_failure(self, claim: Claim, error: SummarizerError, run: int | None) -> None:
        """Keep what an article failed of; what others would fail of, too, says nothing of this one."""
        if error.fatal or isinstance(error, BudgetExceeded):
            self._release(claim)
        else:
            self.store.keep_failure(claim, error, run)

    def _release(self, claim: Claim) -> None:
        with suppress(StoreError):  # something else is told of already, and a claim ends with its process at the latest
            self.store.release(claim)


def _as_before(failure: SummarizerError) -> Made | SummarizerError:
    return Made(failure.brief, error=failure, stored=True) if isinstance(failure, IncompleteBrief) else failure
