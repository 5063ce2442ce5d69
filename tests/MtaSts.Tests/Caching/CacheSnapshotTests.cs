using System.Globalization;
using System.Text;
using static MtaSts.Tests.CacheSamples;

namespace MtaSts.Tests;

/// <summary>Tests the cache across a restart (RFC 8461, Section 10.2).</summary>
/// <remarks>The valid entries of a damaged stream are loaded, and the others are counted.</remarks>
public class CacheSnapshotTests
{
    private const int Entries = 5;
    private const int KiB = 1024;

    // The buffer of the reader begins with 64 KiB and doubles. A line of 1 MiB or more is not valid.
    public static TheoryData<int> LengthsAroundTheBuffer =>
    [
        .. new[] { 64 * KiB, 128 * KiB, 1024 * KiB, 2048 * KiB }.SelectMany(static border => Enumerable.Range(border - 3, 6)),
    ];

    public static TheoryData<int> LengthsOfLargeLines =>
    [
        .. new[] { 64 * KiB, 128 * KiB }.SelectMany(static border => Enumerable.Range(border - 3, 6)),
        190 * KiB, // close to the longest line for a policy file of 64 KiB
    ];

    [Fact]
    public async Task SaveAndLoad_EveryKindOfEntry_KeepsItsContent()
    {
        string longest = string.Concat(Enumerable.Repeat("a.", 121)) + "aa"; // 244 octets
        InMemoryCache cache = new();
        cache.Set("example.com", MakeEntry());
        cache.Set("Bücher.example.", MakeEntry(PolicyMode.None, 0));
        cache.Set("expired.example", new(Id, MakePolicy(), Noon - TimeSpan.FromDays(100)));
        cache.Set("failure.example", MakeFailure(Noon + Tick, id: null));
        cache.Set("failures.example", MakeEntry().With(new("a", Noon), new("b", Noon)));
        Policy unusual = Policy.Parse(
            "version: STSv1\n\nmode: testing\nmx: MAIL.example.\nmax_age: 40000000\nnote: \"für\" \u2028 日本\n");
        cache.Set("unusual.example", new(Id, unusual, Noon));
        cache.Set(longest, MakeEntry());

        string[] domains =
        [
            "example.com", "xn--bcher-kva.example", "expired.example", "failure.example", "failures.example", "unusual.example", longest,
        ];
        byte[] snapshot = await SaveAsync(cache);
        (InMemoryCache restarted, CacheLoadResult result) = await LoadAsync(snapshot);

        result.Should().Be(new CacheLoadResult(loaded: 7, outdated: 0, damaged: 0));
        foreach (string domain in domains)
        {
            cache.TryGet(domain, out CachedPolicy? saved).Should().BeTrue();
            restarted.TryGet(domain, out CachedPolicy? loaded).Should().BeTrue();
            loaded.Describe().Should().Be(saved.Describe(), "a restart is not a fetch, so it moves no expiry");
        }

        snapshot.Count(static b => b == '\n').Should().Be(7);
        Lines(snapshot).Should().OnlyContain(line => line.StartsWith("1 ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task SaveAndLoad_NothingCached_IsAnEmptyStream()
    {
        byte[] snapshot = await SaveAsync(new());
        snapshot.Should().BeEmpty();
        (InMemoryCache restarted, CacheLoadResult result) = await LoadAsync(snapshot);
        result.Should().Be(default(CacheLoadResult));
        restarted.Count.Should().Be(0);
    }

    [Fact]
    public async Task Save_TenThousandEntries_WritesSeveralPieces()
    {
        InMemoryCache cache = new();
        for (int i = 0; i < 10_000; i++)
        {
            cache.Set(Domain(i), MakeEntry(id: Invariant($"id{i}")));
        }

        using PieceStream stream = new();
        await cache.SaveAsync(stream);
        (InMemoryCache restarted, CacheLoadResult result) = await LoadAsync(stream.ToArray());

        result.Should().Be(new CacheLoadResult(10_000, 0, 0));
        Enumerable.Range(0, 10_000).All(i => IdOf(restarted, Domain(i)) == Invariant($"id{i}")).Should().BeTrue();
        stream.Pieces.Should().HaveCountGreaterThan(10)
            .And.OnlyContain(static length => length < 65 * KiB, "the snapshot is not built in memory");
        stream.Pieces.SkipLast(1).Should().OnlyContain(static length => length >= 64 * KiB, "entries are not written one by one");
    }

    [Fact]
    public async Task Save_BufferedStream_IsFlushed()
    {
        using MemoryStream stream = new();
        using BufferedStream buffered = new(stream, 1_000_000);
        InMemoryCache cache = new();
        cache.Set("example.com", MakeEntry());

        await cache.SaveAsync(buffered);

        stream.ToArray().Should().Equal(await SaveAsync(cache));
    }

    // Otherwise a user interface that waits for the snapshot in its only thread would wait forever.
    [Fact]
    public async Task SaveAndLoad_AnySlowCallOfTheStream_DoesNotUseTheCallersContext()
    {
        InMemoryCache cache = new();
        for (int i = 0; i < 400; i++)
        {
            cache.Set(Domain(i), MakeEntry());
        }

        byte[] snapshot = await SaveAsync(cache);
        (await CallsAsync(stream => cache.SaveAsync(stream), [])).Should().Be(3, "it writes two pieces and flushes");
        (await CallsAsync(stream => new InMemoryCache().LoadAsync(stream), snapshot)).Should().BeGreaterThan(2);

        // Runs once for each call of the stream, which is then slow. Returns the number of calls.
        static async Task<int> CallsAsync(Func<Stream, Task> act, byte[] content)
        {
            for (int slow = 0; ; slow++)
            {
                SlowCallStream stream = new(content, slow);
                CountingContext context = new();
                SynchronizationContext? before = SynchronizationContext.Current;
                SynchronizationContext.SetSynchronizationContext(context);
                Task task;
                try
                {
                    task = act(stream);
                }
                finally
                {
                    SynchronizationContext.SetSynchronizationContext(before);
                }

                bool wasSlow = stream.GoOn();
                await task;
                context.Posts.Should().Be(0, "call {0} was slow", slow);
                if (!wasSlow)
                {
                    return slow;
                }
            }
        }
    }

    [Fact]
    public async Task Load_TruncatedAtAnyByte_LoadsWholeLinesAndReportsTheRest()
    {
        byte[] snapshot = await MakeSnapshotAsync();
        string[] expected = [.. Lines(snapshot).Select(static line => line.Split(' ')[3])];
        for (int length = 0; length <= snapshot.Length; length++)
        {
            // The last line needs no line ending.
            int whole = length == 0 ? 0 : snapshot.AsSpan(0, length).Count((byte)'\n');
            whole += length < snapshot.Length && snapshot[length] == '\n' ? 1 : 0;

            (InMemoryCache cache, CacheLoadResult result) = await LoadAsync(snapshot[..length]);

            // Each valid line contains the total. Without a valid line, only the damaged lines count.
            int damaged = whole > 0 ? Entries - whole : Math.Min(length, 1);
            result.Should().Be(new CacheLoadResult(whole, 0, damaged));
            cache.Count.Should().Be(whole);
            expected.Take(whole).All(domain => IdOf(cache, domain) == Id).Should().BeTrue();
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(Entries - 1)]
    public async Task Load_AnyDamagedByteOfALine_LoadsAllOtherLines(int damagedLine)
    {
        byte[] snapshot = await MakeSnapshotAsync();
        string[] lines = Lines(snapshot);
        int start = lines.Take(damagedLine).Sum(static line => line.Length + 1);
        string lost = lines[damagedLine].Split(' ')[3];
        for (int place = start; place < start + lines[damagedLine].Length; place++)
        {
            foreach (byte flipped in (byte[])[1, 0x20, 0x80])
            {
                byte[] damaged = [.. snapshot];
                damaged[place] ^= flipped;

                (InMemoryCache cache, CacheLoadResult result) = await LoadAsync(damaged);

                result.Should().Be(new CacheLoadResult(Entries - 1, 0, 1));
                cache.TryGet(lost, out _).Should().BeFalse();
            }
        }
    }

    [Fact]
    public async Task Load_DamagedLineEnding_ReportsBothLines()
    {
        string[] lines = Lines(await MakeSnapshotAsync());
        string text = $"{lines[0]}\n{lines[1]}x{lines[2]}\n{lines[3]}\n{lines[4]}\n";
        (await LoadAsync(text)).Result.Should().Be(new CacheLoadResult(3, 0, 2));
    }

    [Theory]
    [InlineData("2 0000000000000000 1 example.com {}")] // a later version of the format
    [InlineData("1 0000000000000000 1 example.com {}")] // a wrong checksum
    [InlineData("1")]
    [InlineData(" ")]
    [InlineData("")]
    [InlineData("{\"id\":\"a\"}")]
    [InlineData("\r")]
    [InlineData("\0\0\0\0")]
    public async Task Load_LineOfAnotherKind_IsReportedAndSkipped(string other)
    {
        string[] lines = Lines(await MakeSnapshotAsync());
        string text = string.Join('\n', [.. lines[..2], other, .. lines[2..]]) + "\n";
        (await LoadAsync(text)).Result.Should().Be(new CacheLoadResult(Entries, 0, 1));
    }

    [Fact]
    public async Task Load_LinesTwice_CountsThemAsOutdated()
    {
        byte[] snapshot = await MakeSnapshotAsync();
        (InMemoryCache cache, CacheLoadResult result) = await LoadAsync([.. snapshot, .. snapshot]);
        result.Should().Be(new CacheLoadResult(Entries, Entries, 0));
        (result.Loaded, result.Outdated, result.Damaged).Should().Be((Entries, Entries, 0));
        cache.Count.Should().Be(Entries);
    }

    [Fact]
    public async Task Load_LinesInAnyOrder_HasTheSameResult()
    {
        byte[] snapshot = await MakeSnapshotAsync();
        string[] expected = await SortedAsync((await LoadAsync(snapshot)).Cache);
        Random random = new(8461);
        for (int round = 0; round < 20; round++)
        {
            string[] lines = Lines(snapshot);
            random.Shuffle(lines);
            (InMemoryCache cache, CacheLoadResult result) = await LoadAsync(string.Join('\n', lines));
            result.Should().Be(new CacheLoadResult(Entries, 0, 0));
            (await SortedAsync(cache)).Should().Equal(expected);
        }
    }

    [Theory]
    [InlineData(-1, true)] // seconds by which the cached entry was fetched later; whether the saved entry replaces it
    [InlineData(0, false)]
    [InlineData(1, false)]
    public async Task Load_CachedEntry_IsReplacedOnlyByANewerOne(int seconds, bool isReplaced)
    {
        InMemoryCache saved = new();
        saved.Set("example.com", MakeEntry(id: "saved"));
        byte[] snapshot = await SaveAsync(saved);
        InMemoryCache cache = new();
        cache.Set("EXAMPLE.com.", new("cached", MakePolicy(), Noon + TimeSpan.FromSeconds(seconds)));

        CacheLoadResult result = await cache.LoadAsync(new MemoryStream(snapshot));

        result.Should().Be(isReplaced ? new CacheLoadResult(1, 0, 0) : new CacheLoadResult(0, 1, 0));
        IdOf(cache, "example.com").Should().Be(isReplaced ? "saved" : "cached");
        cache.Count.Should().Be(1);
    }

    // A wrong clock dated one of the two fetches, or both. The time of the saved and of the cached fetch, in seconds from
    // now; whether the saved entry replaces the cached one.
    [Theory]
    [InlineData(315_360_000, -604_799, false)] // ten years ahead: must not replace an entry of a correct clock
    [InlineData(-604_799, 315_360_000, true)] // nor block one
    [InlineData(300, -1, true)] // clocks may differ by up to five minutes
    [InlineData(301, -1, false)]
    [InlineData(-1, 301, true)]
    [InlineData(301, 302, false)]
    [InlineData(302, 301, true)]
    public async Task Load_FetchedInTheFuture_NeverReplacesAPolicyOfACorrectClock(int saved, int cached, bool isReplaced)
    {
        InMemoryCache before = new();
        before.Set("example.com", new("saved", MakePolicy(), Noon + TimeSpan.FromSeconds(saved)));
        byte[] snapshot = await SaveAsync(before);
        InMemoryCache cache = new(new() { TimeProvider = new FakeTimeProvider(Noon) });
        cache.Set("example.com", new("cached", MakePolicy(), Noon + TimeSpan.FromSeconds(cached)));

        (await cache.LoadAsync(new MemoryStream(snapshot))).Loaded.Should().Be(isReplaced ? 1 : 0);

        IdOf(cache, "example.com").Should().Be(isReplaced ? "saved" : "cached");
    }

    [Fact]
    public async Task Load_FetchedInTheFuture_IsListedAsDueAndExpiresFromTheFirstAttempt()
    {
        InMemoryCache before = new();
        before.Set("example.com", new(Id, MakePolicy(), Noon.AddYears(10)));
        (InMemoryCache cache, _) = await LoadAsync(await SaveAsync(before));

        PolicyDomain due = await cache.DueForRefreshAsync(Noon).SingleAsync();
        RefreshPlan plan = PolicyRefresh.Plan(await cache.GetAsync(due), TxtAnswer.LookupFailed, Noon);
        await cache.UpdateAsync(due, current => PolicyRefresh.Complete(plan, current, FetchResult.Failed(FetchStatus.TimedOut)).Entry);

        cache.TryGet("example.com", out CachedPolicy? entry).Should().BeTrue();
        entry!.ExpiresAt.Should().Be(Noon + TimeSpan.FromDays(7));
    }

    [Fact]
    public async Task Load_OnlyAFailureIsCached_RestoresThePolicy()
    {
        // A delivery between start and load failed to fetch. That must not lose the saved policy.
        InMemoryCache saved = new();
        saved.Set("example.com", MakeEntry(id: "saved"));
        byte[] snapshot = await SaveAsync(saved);
        InMemoryCache cache = new();
        cache.Set("example.com", MakeFailure(Noon));

        (await cache.LoadAsync(new MemoryStream(snapshot))).Loaded.Should().Be(1);

        IdOf(cache, "example.com").Should().Be("saved");
    }

    [Fact]
    public async Task Load_IntoASmallerCache_StaysWithinItsCapacity()
    {
        byte[] snapshot = await MakeSnapshotAsync(200);
        InMemoryCache cache = new(new() { Capacity = 10, TimeProvider = new FakeTimeProvider(Noon) });
        CacheLoadResult result = await cache.LoadAsync(new MemoryStream(snapshot));
        result.Damaged.Should().Be(0);
        result.Loaded.Should().Be(200, "each was stored, although most were evicted again");
        cache.Count.Should().Be(10);
    }

    [Theory]
    [MemberData(nameof(LengthsAroundTheBuffer))]
    public async Task Load_GarbageOfAnyLength_LosesNoOtherLine(int length)
    {
        string[] lines = Lines(await MakeSnapshotAsync());
        foreach (int before in (int[])[0, 1])
        {
            string text = string.Join('\n', [.. lines[..before], new string('x', length), .. lines[before..]]) + "\n";
            (await LoadAsync(text)).Result.Should().Be(new CacheLoadResult(Entries, 0, 1));
        }

        // Also at the end, with and without a line ending.
        string last = string.Join('\n', [.. lines, new string('x', length)]);
        (await LoadAsync(last)).Result.Should().Be(new CacheLoadResult(Entries, 0, 1));
        (await LoadAsync(last + "\n")).Result.Should().Be(new CacheLoadResult(Entries, 0, 1));
    }

    [Theory]
    [InlineData(1024 * KiB)]
    [InlineData(2048 * KiB)]
    public async Task Load_GarbageThatEndsLikeALine_IsOneDamagedLine(int garbage)
    {
        string[] lines = Lines(await MakeSnapshotAsync());
        string text = new string('x', garbage) + string.Join('\n', lines);
        (await LoadAsync(text)).Result.Should().Be(new CacheLoadResult(Entries - 1, 0, 1));

        // Also at the end.
        text = string.Join('\n', [.. lines[1..], new string('x', garbage) + lines[0]]);
        (await LoadAsync(text)).Result.Should().Be(new CacheLoadResult(Entries - 1, 0, 1));
    }

    [Theory]
    [MemberData(nameof(LengthsOfLargeLines))]
    public async Task Load_LargeEntries_LoadsThem(int length)
    {
        // U+0085 takes two bytes in a policy file and six in JSON, which escapes it.
        int shortest = Lines(await SaveAsync(Large(0, 1)))[0].Length;
        int rest = length - shortest + 1;
        byte[] snapshot = await SaveAsync(Large(rest / 6, rest % 6));
        Lines(snapshot)[0].Should().HaveLength(length);

        byte[][] streams = [snapshot, snapshot[..^1], [.. snapshot, .. snapshot], [.. await MakeSnapshotAsync(), .. snapshot]];
        foreach (byte[] stream in streams)
        {
            (InMemoryCache restarted, CacheLoadResult result) = await LoadAsync(stream);
            result.Damaged.Should().Be(0);
            restarted.TryGet("large.example", out CachedPolicy? entry).Should().BeTrue();
            entry!.Policy!.Extensions.Should().ContainSingle().Which.Value.Length.Should().Be((rest / 6) + (rest % 6));
        }

        static InMemoryCache Large(int escaped, int plain)
        {
            InMemoryCache cache = new();
            string value = new string('x', plain) + new string('\u0085', escaped);
            Policy policy = Policy.Parse($"version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 1\nname: {value}\n");
            cache.Set("large.example", new(Id, policy, Noon));
            return cache;
        }
    }

    [Fact]
    public async Task Load_EndlessLine_IsNotBufferedInMemory()
    {
        byte[] content = new byte[5_000_000]; // some other file
        using TrickleStream stream = new(content, chunk: 10_000);
        InMemoryCache cache = new();
        int thread = Environment.CurrentManagedThreadId;
        long before = GC.GetAllocatedBytesForCurrentThread();

        CacheLoadResult result = await cache.LoadAsync(stream);

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Environment.CurrentManagedThreadId.Should().Be(thread, "the stream never waits, so this thread does all the work");
        allocated.Should().BeLessThan(3_000_000);
        result.Should().Be(new CacheLoadResult(0, 0, 1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1_000)]
    public async Task Load_StreamWithFewBytesPerRead_LoadsAll(int chunk)
    {
        byte[] snapshot = await MakeSnapshotAsync(50);
        snapshot[0] ^= 1;
        using TrickleStream stream = new(snapshot, chunk);
        InMemoryCache cache = new();
        (await cache.LoadAsync(stream)).Should().Be(new CacheLoadResult(49, 0, 1));
    }

    [Fact]
    public async Task SaveAndLoad_LeaveTheStreamOpen()
    {
        using MemoryStream stream = new();
        InMemoryCache cache = new();
        cache.Set("example.com", MakeEntry());

        await cache.SaveAsync(stream);
        stream.CanWrite.Should().BeTrue();
        stream.Position = 0;
        await cache.LoadAsync(stream);

        stream.CanRead.Should().BeTrue();
        stream.Position.Should().Be(stream.Length);
    }

    [Fact]
    public async Task SaveAndLoad_Cancelled_Throw()
    {
        byte[] snapshot = await MakeSnapshotAsync();
        InMemoryCache cache = new();
        cache.Set("example.com", MakeEntry());
        CancellationToken cancelled = new(canceled: true);

        Func<Task> save = () => cache.SaveAsync(new MemoryStream(), cancelled);
        Func<Task> load = () => cache.LoadAsync(new MemoryStream(snapshot), cancelled);

        await save.Should().ThrowAsync<OperationCanceledException>();
        await load.Should().ThrowAsync<OperationCanceledException>();

        cache.Count.Should().Be(1);
    }

    [Fact]
    public async Task SaveAndLoad_StreamThatThrows_PropagatesTheException()
    {
        using MemoryStream closed = new();
        closed.Close();
        await FluentActions.Awaiting(() => new InMemoryCache().SaveAsync(closed)).Should().ThrowAsync<ObjectDisposedException>();
        await FluentActions.Awaiting(() => new InMemoryCache().LoadAsync(closed)).Should().ThrowAsync<ObjectDisposedException>();
    }

    [Fact]
    public async Task SaveAndLoad_NoStream_Throw()
    {
        Func<Task> save = () => new InMemoryCache().SaveAsync(null!);
        Func<Task> load = () => new InMemoryCache().LoadAsync(null!);

        await save.Should().ThrowAsync<ArgumentNullException>().WithParameterName("stream");
        await load.Should().ThrowAsync<ArgumentNullException>().WithParameterName("stream");
    }

    private static async Task<byte[]> MakeSnapshotAsync(int entries = Entries)
    {
        InMemoryCache cache = new();
        for (int i = 0; i < entries; i++)
        {
            cache.Set(Domain(i), i % 2 == 0 ? MakeEntry() : MakeEntry().With(new FailedAttempt("a", Noon)));
        }

        return await SaveAsync(cache);
    }

    private static async Task<byte[]> SaveAsync(InMemoryCache cache)
    {
        using MemoryStream stream = new();
        await cache.SaveAsync(stream);
        return stream.ToArray();
    }

    private static Task<(InMemoryCache Cache, CacheLoadResult Result)> LoadAsync(string text) => LoadAsync(Encoding.UTF8.GetBytes(text));

    private static async Task<(InMemoryCache Cache, CacheLoadResult Result)> LoadAsync(byte[] snapshot)
    {
        InMemoryCache cache = new();
        using MemoryStream stream = new(snapshot);
        return (cache, await cache.LoadAsync(stream));
    }

    private static string[] Lines(byte[] snapshot) => Encoding.UTF8.GetString(snapshot).TrimEnd('\n').Split('\n');

    // The whole content of a cache: equal entries have equal lines.
    private static async Task<string[]> SortedAsync(InMemoryCache cache) =>
        [.. Lines(await SaveAsync(cache)).Order(StringComparer.Ordinal)];

    private static string? IdOf(InMemoryCache cache, string domain) =>
        cache.TryGet(domain, out CachedPolicy? entry) ? entry.Id : null;

    private static string Domain(int i) => Invariant($"domain{i}.example");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>Represents a stream that returns few bytes per read, without waiting.</summary>
    private sealed class TrickleStream(byte[] content, int chunk) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, chunk)], cancellationToken);
    }

    /// <summary>Represents a stream that records the length of each write.</summary>
    private sealed class PieceStream : MemoryStream
    {
        public List<int> Pieces { get; } = [];

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Pieces.Add(buffer.Length);
            return base.WriteAsync(buffer, cancellationToken);
        }
    }

    /// <summary>Represents a stream with one call that waits for <see cref="GoOn"/>. The others end at once.</summary>
    private sealed class SlowCallStream : MemoryStream
    {
        private readonly TaskCompletionSource _mayGoOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly int _slow;
        private int _calls;

        public SlowCallStream(byte[] content, int slow)
        {
            Write(content);
            Position = 0;
            _slow = slow;
        }

        /// <summary>Ends the slow call. Returns whether it had begun.</summary>
        public bool GoOn()
        {
            _mayGoOn.SetResult();
            return _calls > _slow;
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await NextCallAsync().ConfigureAwait(false);
            return Read(buffer.Span);
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await NextCallAsync().ConfigureAwait(false);
            Write(buffer.Span);
        }

        public override async Task FlushAsync(CancellationToken cancellationToken) => await NextCallAsync().ConfigureAwait(false);

        private Task NextCallAsync() => _calls++ == _slow ? _mayGoOn.Task : Task.CompletedTask;
    }

    /// <summary>Represents a context that counts its posts.</summary>
    private sealed class CountingContext : SynchronizationContext
    {
        private int _posts;

        public int Posts => Volatile.Read(ref _posts);

        public override void Post(SendOrPostCallback d, object? state)
        {
            Interlocked.Increment(ref _posts);
            base.Post(d, state);
        }
    }
}
