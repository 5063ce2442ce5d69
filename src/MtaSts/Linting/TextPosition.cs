using System.Runtime.InteropServices;

namespace MtaSts;

/// <summary>A place in a text; <c>default</c> is none.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TextPosition(int Line, int Offset);
