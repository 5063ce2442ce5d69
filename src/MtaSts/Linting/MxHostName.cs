using System.Runtime.InteropServices;

namespace MtaSts;

/// <summary>A name from an MX record.</summary>
/// <param name="Name">The name as it was given, without the dot of the root.</param>
/// <param name="Form">What it is.</param>
/// <param name="Remedy">
/// What to write instead: the A-labels (<see cref="MxHostForm.International"/>), the name without its preference
/// (<see cref="MxHostForm.Preference"/>), the wildcard that matches it (<see cref="MxHostForm.Underscore"/>; null if there is none but over
/// a top-level domain).
/// </param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct MxHostName(string Name, MxHostForm Form, string? Remedy = null)
{
    private const string Blanks = " \t";
    private const string Digits = "0123456789";

    public static MxHostName Read(string text)
    {
        string name = HostName.WithoutRoot(text).ToString();
        ReadOnlySpan<char> trimmed = text.AsSpan().Trim(Blanks);
        ReadOnlySpan<char> withoutNumber = trimmed.TrimStart(Digits);
        ReadOnlySpan<char> afterNumber = withoutNumber.TrimStart(Blanks);
        bool hasPreference = withoutNumber.Length < trimmed.Length && afterNumber.Length < withoutNumber.Length;
        if (trimmed.IsEmpty)
        {
            return new(name, MxHostForm.Blank);
        }

        if (trimmed is "." || (hasPreference && afterNumber is "."))
        {
            return new(name, MxHostForm.NullMx);
        }

        if (!hasPreference)
        {
            return ReadName(name);
        }

        // What follows the number may be wrong by itself, and then that is what to correct.
        MxHostName meant = ReadName(HostName.WithoutRoot(afterNumber).ToString());
        return meant.Form is MxHostForm.Address or MxHostForm.Other ? new(name, meant.Form) : new(name, MxHostForm.Preference, meant.Name);
    }

    private static MxHostName ReadName(string name)
    {
        if (IsAddress(name))
        {
            return new(name, MxHostForm.Address);
        }

        if (IsValid(name))
        {
            return new(name, MxHostForm.HostName);
        }

        if (HostName.TryGetALabels(name, out string? ascii) && IsValid(ascii))
        {
            return new(name, MxHostForm.International, ascii.ToLowerInvariant());
        }

        return name.Contains('_', StringComparison.Ordinal) && IsValid(name.Replace('_', 'x'))
            ? new(name, MxHostForm.Underscore, WildcardOver(name))
            : new(name, MxHostForm.Other);
    }

    // Digits and dots are an IPv4 address or a part of one: no top-level domain is all digits. An IPv6 address has two colons, a host name
    // none.
    private static bool IsAddress(ReadOnlySpan<char> name) =>
        name is ['[', ..] || name.Count(':') > 1 || !name.ContainsAnyExcept(Digits + ".");

    private static bool IsValid(ReadOnlySpan<char> name) => HostName.IsValid(CodeUnits.Of(name));

    private static string? WildcardOver(string name)
    {
        string parent = name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..];
        bool isBelowTopLevel = parent.Length < name.Length && parent.Contains('.', StringComparison.Ordinal);
        return isBelowTopLevel && IsValid(parent) ? $"*.{parent.ToLowerInvariant()}" : null;
    }
}
